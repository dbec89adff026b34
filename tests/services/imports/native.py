"""Native exports of platforms as tests bring them: realistic files by product, table and language, made here."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import dataclass, field

from openpyxl import Workbook


@dataclass(frozen=True)
class Native:
    """One file, what it is recognised as, and the totals it must bring by metric (levels and people: of all values)."""

    key: str
    name: str
    content: bytes
    words: str
    platform: str | None
    totals: dict[str, float]
    kind: str = "posts"
    ids: tuple[str, ...] = ()
    not_taken: dict[str, str] = field(default_factory=dict)
    owner: str = ""


def text(*rows: tuple, sep: str = ",", head: str = "", quote: int = csv.QUOTE_MINIMAL) -> str:
    stream = io.StringIO()
    csv.writer(stream, delimiter=sep, quoting=quote).writerows(rows)
    return head + stream.getvalue()


def sheets(**lines: list) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for title, rows in lines.items():
        sheet = book.create_sheet(title.replace("_", " "))
        for row in rows:
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def packed(**files: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(f"{name.replace('_', ' ')}.csv", content.encode("utf-8-sig"))
    return stream.getvalue()


# -- YouTube Studio

_VIDEO_HEADS = {
    "en": ("Content", "Video title", "Video publish time", "Duration", "Views", "Watch time (hours)", "Subscribers",
           "Estimated revenue (USD)", "Impressions", "Impressions click-through rate (%)"),
    "de": ("Videos", "Videotitel", "Veröffentlichungszeitpunkt des Videos", "Dauer", "Aufrufe",
           "Wiedergabezeit (Stunden)", "Abonnenten", "Geschätzter Umsatz (EUR)", "Impressionen",
           "Klickrate der Impressionen (%)"),
    "fr": ("Contenu", "Titre de la vidéo", "Heure de publication de la vidéo", "Durée", "Vues",
           "Durée de visionnage (heures)", "Abonnés", "Revenus estimés (EUR)", "Impressions",
           "Taux de clics par impression (%)"),
}  # fmt: skip
_VIDEO_ROWS = {
    "en": (("Mar 1, 2026", "1,204", "61.25", "20,100", "4.5"), ("Sep 28, 2026", "96", "2.5", "900", "3.1")),
    "de": (("01.03.2026", "1.204", "61,25", "20.100", "4,5"), ("28.09.2026", "96", "2,5", "900", "3,1")),
    "fr": (("1 mars 2026", "1\u202f204", "61,25", "20\u202f100", "4,5"), ("28 sept. 2026", "96", "2,5", "900", "3,1")),
}
_TOTAL = {"en": "Total", "de": "Gesamt", "fr": "Total"}
VIDEOS = ("dQw4w9WgXcQ", "a-b_c4d5E6F")


def youtube_table(language: str) -> str:
    rows = [
        (video, title, day, length, views, hours, "3", "", shown, rate)
        for video, title, length, (day, views, hours, shown, rate) in zip(
            VIDEOS, ("Behind the counter", "Neues Café, ouvert"), ("83", "1:01:05"), _VIDEO_ROWS[language], strict=True
        )
    ]
    total = (_TOTAL[language], "", "", "", "1300", "63.75" if language == "en" else "63,75", "6", "", "21000", "")
    return text(_VIDEO_HEADS[language], total, *rows)


def youtube_chart(language: str) -> str:
    date = {"en": "Date", "de": "Datum", "fr": "Date"}[language]
    rows = [
        ("2026-03-01", video, "A title", day, "83", "5")
        for video, (day, *_) in zip(VIDEOS, _VIDEO_ROWS[language], strict=True)
    ]
    return text((date, *_VIDEO_HEADS[language][:5]), *rows)


def youtube_totals(language: str) -> str:
    heads = {"en": ("Date", "Views"), "de": ("Datum", "Aufrufe"), "fr": ("Date", "Vues")}[language]
    return text(heads, ("2026-03-01", "400"), ("2026-03-02", "380"))


_ZIP_NAMES = {
    "en": ("Table_data", "Chart_data", "Totals"),
    "de": ("Tabellendaten", "Diagrammdaten", "Gesamtwerte"),
    "fr": ("Données_du_tableau", "Données_du_graphique", "Totaux"),
}


def youtube_zip(language: str) -> bytes:
    made = (youtube_table(language), youtube_chart(language), youtube_totals(language))
    return packed(**dict(zip(_ZIP_NAMES[language], made, strict=True)))


_YOUTUBE = {"views": 1300.0, "watch_time": 63.75 * 3600, "impressions": 21000.0}
_DAYS = {
    "en": (("Date", "Views", "Watch time (hours)", "Average view duration"), "12.5"),
    "de": (("Datum", "Aufrufe", "Wiedergabezeit (Stunden)", "Durchschnittliche Wiedergabedauer"), "12,5"),
    "fr": (("Date", "Vues", "Durée de visionnage (heures)", "Durée moyenne d'une vue"), "12,5"),
}
_WORDS = {"en": "English", "de": "German", "fr": "French"}


def youtube(language: str) -> list[Native]:
    heads, hours = _DAYS[language]
    days = text(heads, (_TOTAL[language], "780", "25", "0:01:40"), ("2026-03-01", "400", hours, "0:01:52"),
                ("2026-03-02", "380", hours, "0:01:58"))  # fmt: skip
    rate = {_VIDEO_HEADS[language][9]: "never imported", _VIDEO_HEADS[language][6]: "a connection reads the two apart"}
    return [
        Native("videos", f"{_ZIP_NAMES[language][0]}.csv", youtube_table(language).encode("utf-8-sig"),
               f"YouTube Studio: videos, in {_WORDS[language]}", "youtube", _YOUTUBE, ids=VIDEOS, not_taken=rate),
        Native("zip", "Content 2026-03-01_2026-09-30 Northwind.zip", youtube_zip(language),
               f"YouTube Studio: videos, in {_WORDS[language]}", "youtube", _YOUTUBE, ids=VIDEOS, not_taken=rate),
        Native("days", "days.csv", days.encode(), f"YouTube Studio: days of the channel, in {_WORDS[language]}",
               "youtube", {"views": 780.0, "watch_time": 25 * 3600.0}, "daily",
               not_taken={heads[3]: "never imported"}),
        Native("totals", f"{_ZIP_NAMES[language][2]}.csv", youtube_totals(language).encode("utf-8-sig"),
               f"YouTube Studio: totals by day, in {'English' if language == 'en' else _WORDS[language]}",
               "youtube", {"views": 780.0}, "daily"),
    ]  # fmt: skip


# -- Meta Business Suite

_FB_HEADS = {
    "en": ("Post ID", "Page ID", "Page name", "Title", "Description", "Duration (sec)", "Publish time", "Caption type",
           "Permalink", "Is crosspost", "Post type", "Languages", "Date", "Views", "Reach",
           "Reactions, Comments and Shares", "Reactions", "Comments", "Shares", "Total clicks", "Link Clicks",
           "Seconds viewed", "Average Seconds viewed"),
    "de": ("Beitrags-ID", "Seiten-ID", "Seitenname", "Titel", "Beschreibung", "Dauer (Sek.)", "Veröffentlichungszeit",
           "Art der Bildunterschrift", "Permalink", "Ist Crossposting", "Beitragstyp", "Sprachen", "Datum", "Aufrufe",
           "Reichweite", "Reaktionen, Kommentare und geteilte Inhalte", "Reaktionen", "Kommentare", "Geteilte Inhalte",
           "Klicks insgesamt", "Link-Klicks", "Angesehene Sekunden", "Durchschnittlich angesehene Sekunden"),
    "fr": ("Identifiant de la publication", "ID de la Page", "Nom de la Page", "Titre", "Description", "Durée (s)",
           "Heure de publication", "Type de légende", "Permalien", "Est une publication croisée",
           "Type de publication", "Langues", "Date", "Vues", "Couverture", "Réactions, commentaires et partages",
           "Réactions", "Commentaires", "Partages", "Total des clics", "Clics sur un lien", "Secondes regardées",
           "Nombre moyen de secondes regardées"),
}  # fmt: skip
_META_DATES = {
    "en": ("03/04/2026 19:00", "05/06/2026 08:30"),
    "de": ("04.03.2026 19:00", "06.05.2026 08:30"),
    "fr": ("04/03/2026 19:00", "06/05/2026 08:30"),
}
_LIFETIME = {"en": "Lifetime", "de": "Gesamte Laufzeit", "fr": "Durée de vie"}
_FB_KINDS = {"en": ("Photos", "Reels"), "de": ("Fotos", "Reels"), "fr": ("Photos", "Reels")}
PAGE, FB_POSTS = "104900000000001", ("122100000000000001", "122100000000000002")


def facebook(language: str) -> list[Native]:
    first, second = _META_DATES[language]
    photo, reel = _FB_KINDS[language]
    life, name = _LIFETIME[language], "Northwind Coffee"
    rows = (
        (FB_POSTS[0], PAGE, name, "Our new menu, out now", "", "0", first, "", "https://www.facebook.com/104900000000001/"
         f"posts/{FB_POSTS[0]}", "0", photo, "", life, "5,120" if language == "en" else "5120", "3800", "131", "100",
         "20", "11", "240", "60", "", ""),
        (FB_POSTS[1], PAGE, name, "Behind the counter", "", "31", second, "", "https://www.facebook.com/reel/998877665544/",
         "0", reel, "", life, "900", "700", "40", "30", "7", "3", "80", "5", "4100", "4.5"),
    )  # fmt: skip
    content = text(_FB_HEADS[language], *rows).encode("utf-8-sig")
    totals = {
        "views": 6020.0, "reach": 4500.0, "likes": 130.0, "comments": 27.0, "shares": 14.0, "post_clicks": 320.0,
        "link_clicks": 65.0, "video_watch_time": 4100.0,
    }  # fmt: skip
    heads = _FB_HEADS[language]
    left = {heads[15]: "computed by itself", heads[22]: "never imported", heads[7]: "nothing that is kept"}
    return [
        Native("posts", "Mar-01-2026_May-31-2026_1234.csv", content,
               f"Meta Business Suite: Facebook posts, in {_WORDS[language]}", "facebook", totals,
               ids=tuple(f"{PAGE}_{post}" for post in FB_POSTS), not_taken=left, owner=name),
        _series("follows", {"en": "Facebook follows", "de": "Facebook-Follows", "fr": "Followers Facebook"}, language,
                "Meta Business Suite: new followers of the page by day", "facebook", "followers_gained"),
        _series("views", {"en": "Views", "de": "Aufrufe", "fr": "Vues"}, language,
                "Meta Business Suite: views by day", None, "views"),
    ]  # fmt: skip


def _series(key: str, title: dict[str, str], language: str, words: str, platform: str | None, metric: str) -> Native:
    date, primary = {"en": ("Date", "Primary"), "de": ("Datum", "Primär"), "fr": ("Date", "Principal")}[language]
    rows = ((title[language],), (date, primary), ("2026-03-01T00:00:00", "20"), ("2026-03-02T00:00:00", "31"))
    body = text(*rows, head="sep=,\r\n", quote=csv.QUOTE_ALL)
    return Native(key, f"{title[language]}.csv", body.encode("utf-16"), f"{words}, in {_WORDS[language]}", platform,
                  {metric: 51.0}, "daily")  # fmt: skip


_IG_HEADS = {
    "en": ("Post ID", "Account ID", "Account username", "Account name", "Description", "Duration (sec)", "Publish time",
           "Permalink", "Post type", "Data comment", "Date", "Views", "Reach", "Likes", "Shares", "Follows",
           "Comments", "Saves"),
    "de": ("Beitrags-ID", "Konto-ID", "Benutzername des Kontos", "Kontoname", "Beschreibung", "Dauer (Sek.)",
           "Veröffentlichungszeit", "Permalink", "Beitragstyp", "Datenkommentar", "Datum", "Aufrufe", "Reichweite",
           "„Gefällt mir“-Angaben", "Geteilte Inhalte", "Follows", "Kommentare", "Gespeichert"),
    "fr": ("Identifiant de la publication", "ID du compte", "Nom d’utilisateur du compte", "Nom du compte",
           "Description", "Durée (s)", "Heure de publication", "Permalien", "Type de publication",
           "Commentaire sur les données", "Date", "Vues", "Couverture", "Mentions J’aime", "Partages", "Followers",
           "Commentaires", "Enregistrements"),
}  # fmt: skip
IG_POSTS = ("18027000000000001", "18027000000000002")


def instagram(language: str) -> list[Native]:
    first, second = _META_DATES[language]
    who = ("17841400000000001", "northwind.coffee", "Northwind Coffee")
    life = _LIFETIME[language]
    rows = (
        (IG_POSTS[0], *who, "Neu: Flat White\nmit Hafer ☕ #coffee", "0", first, "https://www.instagram.com/p/DAbc-12_x/",
         "IG image", "", life, "2040", "1500", "90", "4", "2", "8", "17"),
        (IG_POSTS[1], *who, "Behind the counter", "31", second, "https://www.instagram.com/reel/DXyz98/", "IG reel", "",
         life, "10200", "8100", "410", "22", "9", "31", "64"),
    )  # fmt: skip
    totals = {
        "views": 12240.0, "reach": 9600.0, "likes": 500.0, "shares": 26.0, "follows": 11.0, "comments": 39.0,
        "saves": 81.0,
    }  # fmt: skip
    return [
        Native("posts", "instagram.csv", text(_IG_HEADS[language], *rows).encode("utf-8"),
               f"Meta Business Suite: Instagram posts, in {_WORDS[language]}", "instagram", totals, ids=IG_POSTS,
               not_taken={_IG_HEADS[language][9]: "nothing that is kept"}, owner="Northwind Coffee"),
    ]  # fmt: skip


# -- LinkedIn page analytics

_LI_PARTS = {
    "en": ("organic", "sponsored", "total"), "de": ("organisch", "gesponsert", "gesamt"),
    "fr": ("organiques", "sponsorisées", "totales"),
}  # fmt: skip
_LI_NUMBERS = {
    "en": ("Impressions", "Clicks", "Reactions", "Comments", "Reposts", "Engagement rate"),
    "de": ("Impressions", "Klicks", "Reaktionen", "Kommentare", "Reposts", "Engagement-Rate"),
    "fr": ("Impressions", "Clics", "Réactions", "Commentaires", "Republications", "Taux d’engagement"),
}
_LI_UNIQUE = {
    "en": "Unique impressions (organic)",
    "de": "Einmalige Impressions (organisch)",
    "fr": "Impressions uniques (organiques)",
}


def _linkedin_days(language: str) -> list[str]:
    """Date, each number in three parts, and people between."""
    heads = [f"{name} ({part})" for name in _LI_NUMBERS[language] for part in _LI_PARTS[language]]
    return [{"de": "Datum"}.get(language, "Date"), *heads[:3], _LI_UNIQUE[language], *heads[3:]]


_LI_POSTS = {
    "en": ("Post title", "Post link", "Post type", "Campaign name", "Posted by", "Created date", "Audience",
           "Impressions", "Views (Excluding offsite video views)", "Offsite Views", "Clicks",
           "Click through rate (CTR)", "Likes", "Comments", "Reposts", "Follows", "Engagement rate", "Content Type"),
    "de": ("Beitragstitel", "Beitragslink", "Beitragstyp", "Kampagnenname", "Veröffentlicht von", "Erstellungsdatum",
           "Zielgruppe", "Impressions", "Aufrufe (ohne externe Videoaufrufe)", "Externe Aufrufe", "Klicks",
           "Klickrate (CTR)", "Likes", "Kommentare", "Reposts", "Follows", "Engagement-Rate", "Inhaltstyp"),
    "fr": ("Titre du post", "Lien du post", "Type de post", "Nom de la campagne", "Publié par", "Date de création",
           "Audience", "Impressions", "Vues (hors vues de vidéo hors site)", "Vues hors site", "Clics",
           "Taux de clics (CTR)", "J’aime", "Commentaires", "Republications", "Abonnements", "Taux d’engagement",
           "Type de contenu"),
}  # fmt: skip
_LI_FOLLOWERS = {
    "en": ("Date", "Sponsored followers", "Organic followers", "Auto-invited followers", "Total followers"),
    "de": ("Datum", "Gesponserte Follower", "Organische Follower", "Automatisch eingeladene Follower",
           "Follower insgesamt"),
    "fr": ("Date", "Abonnés sponsorisés", "Abonnés organiques", "Abonnés invités automatiquement", "Total des abonnés"),
}  # fmt: skip
_LI_VISITORS = {
    "en": ("Date", "Overview page views (total)", "Total page views (desktop)", "Total page views (total)",
           "Total unique visitors (total)"),
    "de": ("Datum", "Seitenaufrufe Überblick (gesamt)", "Seitenaufrufe insgesamt (gesamt)",
           "Einzelne Besucher insgesamt (gesamt)"),
    "fr": ("Date", "Pages vues aperçu (total)", "Total des pages vues (total)", "Total des visiteurs uniques (total)"),
}  # fmt: skip
ACTIVITY = "urn:li:activity:7434982400000000000"
_ABOUT = "Aggregated engagement metrics for your organic and sponsored posts, 03/01/2026 to 03/31/2026"
_LI_DATES = {
    "en": ("03/04/2026", "03/05/2026"), "de": ("04.03.2026", "05.03.2026"), "fr": ("04/03/2026", "05/03/2026"),
}  # fmt: skip


def linkedin(language: str) -> list[Native]:
    first, second = _LI_DATES[language]
    days = [
        [_ABOUT], _linkedin_days(language),
        [first, 400, 50, 450, 300, 12, 1, 13, 20, 1, 21, 3, 0, 3, 1, 0, 1, 0.09, 0.04, 0.084],
        [second, 380, 0, 380, 290, 10, 0, 10, 14, 0, 14, 2, 0, 2, 0, 0, 0, 0.07, 0, 0.07],
    ]  # fmt: skip
    posts = [
        ["Engagement metrics for individual posts"], list(_LI_POSTS[language]),
        ["We are hiring baristas in Berlin", f"https://www.linkedin.com/feed/update/{ACTIVITY}", "Organic", "",
         "Ana Example", first, "All followers", 700, None, None, 22, 0.0314, 31, 4, 2, 1, 0.084, "Image"],
    ]  # fmt: skip
    gained = [list(_LI_FOLLOWERS[language]), [first, 2, 9, 1, 12], [second, 0, 7, 0, 7]]
    width = len(_LI_VISITORS[language])
    visited = [list(_LI_VISITORS[language]), [first, *[11] * (width - 3), 40, 25], [second, *[9] * (width - 3), 31, 20]]
    said = _WORDS[language]
    heads = _linkedin_days(language)
    return [
        Native("days", "northwind_content_1772.xlsx", sheets(Metrics=days, All_posts=posts),
               f"LinkedIn page analytics: content by day, in {said}", "linkedin",
               {"impressions": 780.0, "post_clicks": 22.0, "link_clicks": 22.0, "likes": 34.0, "comments": 5.0,
                "shares": 1.0}, "daily",
               not_taken={heads[2]: "paid part", heads[3]: "a connection reads the organic", heads[4]: "never by day",
                          heads[17]: "never imported"}),
        Native("posts", "all_posts.xlsx", sheets(All_posts=posts), f"LinkedIn page analytics: posts, in {said}",
               "linkedin", {"impressions": 700.0, "post_clicks": 22.0, "link_clicks": 22.0, "likes": 31.0,
                            "comments": 4.0, "shares": 2.0, "follows": 1.0}, ids=(ACTIVITY,),
               not_taken={_LI_POSTS[language][4]: "names of people"}),
        Native("followers", "northwind_followers_1772.xlsx", sheets(New_followers=gained),
               f"LinkedIn page analytics: new followers by day, in {said}", "linkedin", {"followers_gained": 19.0},
               "daily", not_taken={_LI_FOLLOWERS[language][2]: "a part of all new followers"}),
        Native("visitors", "northwind_visitors_1772.xlsx", sheets(Visitor_metrics=visited),
               f"LinkedIn page analytics: visitors by day, in {said}", "linkedin",
               {"profile_visits": 71.0, "profile_visitors": 45.0}, "daily",
               not_taken={_LI_VISITORS[language][1]: "a part of all visits"}),
    ]  # fmt: skip


# -- X Analytics: English only

TWEETS = ("2074000000000000001", "2073000000000000002")


def x(_language: str) -> list[Native]:
    posts = text(
        ("Post id", "Date", "Post text", "Post Link", "Impressions", "Likes", "Engagements", "Bookmarks", "Shares",
         "New follows", "Replies", "Reposts", "Profile visits", "Detail Expands", "URL Clicks", "Hashtag Clicks",
         "Permalink Clicks"),
        (TWEETS[0], "Tue, Jul 14, 2026", "Our new menu", f"https://x.com/northwind/status/{TWEETS[0]}", 122978, 12, 300,
         1, 2, 4, 5, 129, 200, 66, 9, 0, 0),
        (TWEETS[1], "Sun, Jul 12, 2026", "Open on Sunday", f"https://x.com/northwind/status/{TWEETS[1]}", 570, 25, 40, 0,
         0, 3, 44, 5, 0, 0, 0, 0, 0),
    )  # fmt: skip
    days = text(
        ("Date", "Impressions", "Likes", "Engagements", "Bookmarks", "Shares", "New follows", "Unfollows", "Replies",
         "Reposts", "Profile visits", "Create Post", "Video views", "Media views"),
        ("Tue, Aug 25, 2026", 100, 10, 20, 1, 2, 5, 3, 1, 2, 7, 1, 8, 9),
        ("Mon, Aug 24, 2026", 50, 5, 10, 0, 1, 2, 1, 0, 1, 3, 0, 4, 5),
    )  # fmt: skip
    videos = text(
        ("Video overview", "", "", "", "", ""),
        ("Date", "Views", "Watch Time (ms)", "Completion Rate", "Average Watch Time (ms)", "Estimated Revenue"),
        ("Tue, Aug 25, 2026", 8, 64500, 0.4, 8062, 0),
    )
    old = text(
        ("Tweet id", "Tweet permalink", "Tweet text", "time", "impressions", "engagements", "engagement rate",
         "retweets", "replies", "likes", "user profile clicks", "url clicks", "hashtag clicks", "detail expands",
         "permalink clicks", "follows", "media views", "promoted impressions"),
        ("1790000000000000001", "https://twitter.com/northwind/status/1790000000000000001", "Hello", "2024-05-13 14:33 "
         "+0000", 500.0, 20.0, 0.04, 1.0, 2.0, 9.0, 3.0, 4.0, 0.0, 5.0, 0.0, 1.0, 6.0, "-"),
    )  # fmt: skip
    return [
        Native("posts", "account_analytics_content_2026-07-01_2026-07-31.csv", posts.encode(),
               "X Analytics: posts, in English", "x",
               {"impressions": 123548.0, "views": 123548.0, "likes": 37.0, "interactions": 340.0, "bookmarks": 1.0,
                "shares": 2.0, "follows": 7.0, "replies": 49.0, "reposts": 134.0, "profile_clicks": 200.0,
                "detail_expands": 66.0, "link_clicks": 9.0}, ids=TWEETS, owner="northwind"),
        Native("days", "account_overview_analytics.csv", days.encode(), "X Analytics: account overview, in English", "x",
               {"impressions": 150.0, "views": 150.0, "likes": 15.0, "interactions": 30.0, "bookmarks": 1.0,
                "shares": 3.0, "followers_gained": 7.0, "followers_lost": 4.0, "replies": 1.0, "reposts": 3.0,
                "profile_visits": 10.0, "posts_published": 1.0, "video_views": 12.0, "media_views": 14.0}, "daily"),
        Native("videos", "account_video_overview.csv", videos.encode(), "X Analytics: videos by day, in English", "x",
               {"video_views": 8.0, "watch_time": 64.5}, "daily", not_taken={"Completion Rate": "never imported"}),
        Native("tweets", "tweet_activity_metrics_northwind_20240501.csv", old.encode(),
               "X Analytics: tweets (until 2024), in English", "x",
               {"impressions": 500.0, "views": 500.0, "interactions": 20.0, "reposts": 1.0, "replies": 2.0,
                "likes": 9.0, "profile_clicks": 3.0, "link_clicks": 4.0, "detail_expands": 5.0, "follows": 1.0,
                "media_views": 6.0}, ids=("1790000000000000001",), owner="northwind",
               not_taken={"engagement rate": "never imported", "promoted impressions": "unknown heading"}),
    ]  # fmt: skip


# -- TikTok Studio

_TT_CONTENT = {
    "en": ("Time", "Video title", "Video link", "Post time", "Total likes", "Total comments", "Total shares",
           "Total views"),
    "de": ("Videotitel", "Videolink", "Veröffentlichungszeit", "Likes", "Kommentare", "Freigaben", "Videoaufrufe"),
    "fr": ("Titre de la vidéo", "Lien de la vidéo", "Heure de publication", "Total de J’aime",
           "Total des commentaires", "Total des partages", "Total des vues"),
}  # fmt: skip
_TT_OVERVIEW = {
    "en": ("Date", "Video Views", "Profile Views", "Likes", "Comments", "Shares"),
    "de": ("Datum", "Videoaufrufe", "Profilaufrufe", "Likes", "Kommentare", "Freigaben"),
    "fr": ("Date", "Vues de la vidéo", "Vues du profil", "J’aime", "Commentaires", "Partages"),
}
_TT_FOLLOWERS = {
    "en": ("Date", "Followers", "Difference in followers from previous day"),
    "de": ("Datum", "Neue Follower", "Follower insgesamt"),
    "fr": ("Date", "Followers", "Différence de followers par rapport à la veille"),
}
_TT_DAYS = {"en": ("23 August", "24 August"), "de": ("23. August", "24. August"), "fr": ("23 août", "24 août")}
TIKTOKS = ("7412345678901234567", "7412345678901234999")


def tiktok(language: str) -> list[Native]:
    first, second = _TT_DAYS[language]
    links = [f"https://www.tiktok.com/@northwind.coffee/video/{one}" for one in TIKTOKS]
    lead = ("2026-09-30",) if language == "en" else ()
    content = text(
        _TT_CONTENT[language],
        (*lead, "Yacht day, white party", links[0], first, "1200", "48", "31", "18400"),
        (*lead, "Gala arrivals", f"{links[1]}?lang=en", second, "640", "12", "9", "9100"),
        quote=csv.QUOTE_ALL,
    )
    days = text(_TT_OVERVIEW[language], (first, 10, 2, 3, 1, 1), (second, 20, 4, 6, -2, 2), quote=csv.QUOTE_ALL)
    levels = {"en": ((100, "undefined"), (110, 10)), "de": ((4, 100), (10, 110)), "fr": ((100, 4), (110, 10))}[language]
    held = text(_TT_FOLLOWERS[language], *((day, *row) for day, row in zip((first, second), levels, strict=True)))
    said = _WORDS[language]
    gained = {"followers_gained": 14.0} if language == "de" else {}
    which = "audience" if language == "de" else "followers"
    return [
        Native("content", "Content.csv", content.encode("utf-8-sig"), f"TikTok Studio: content, in {said}", "tiktok",
               {"likes": 1840.0, "comments": 60.0, "shares": 40.0, "views": 27500.0}, ids=TIKTOKS,
               owner="northwind.coffee"),
        Native("overview", "Overview.csv", days.encode(), f"TikTok Studio: overview, in {said}", "tiktok",
               {"views": 30.0, "profile_visits": 6.0, "likes": 9.0, "comments": 1.0, "shares": 3.0}, "daily"),
        Native("followers", "FollowerHistory.csv", held.encode(), f"TikTok Studio: {which}, in {said}", "tiktok",
               {"followers": 210.0, **gained}, "daily"),
    ]  # fmt: skip


MAKERS = {
    "youtube": youtube, "facebook": facebook, "instagram": instagram, "linkedin": linkedin, "x": x, "tiktok": tiktok,
}  # fmt: skip
EVERY = {
    f"{product}-{one.key}-{language}": one
    for product, make in MAKERS.items()
    for language in (("en",) if product == "x" else ("en", "de", "fr"))
    for one in make(language)
}
