"""LinkedIn page analytics: content (sheets Metrics and All posts), followers and visitors.

A line of text stands above the headings. The file is an XLS.
"""

from __future__ import annotations

from services.imports.export import Export, Exports, Kind, Said, column
from services.imports.headings import DAY, IGNORED_RATE, KIND, LINK, PUBLISHED, TEXT

_ORGANIC = {"en": ("organic",), "de": ("organisch",), "fr": ("organique", "organiques")}
_PAID = {"en": ("sponsored",), "de": ("gesponsert", "bezahlt"), "fr": ("sponsorisé", "sponsorisés", "sponsorisées")}
_ALL = {"en": ("total",), "de": ("gesamt", "insgesamt"), "fr": ("total", "totales", "totaux")}
_DATE = column(DAY, "Date", "Datum", "Date", is_key=True)
_RATE = ("Engagement rate", "Engagement-Rate|Engagementrate", "Taux d'engagement")
_UNIQUE_DAY = "LinkedIn counts people only over the whole life of a post, never by day"


def _split(meaning: str, english: str, german: str, french: str, *more: str, is_key: bool = False) -> tuple[Said, ...]:
    """A number in three columns. The organic one is taken, because that is what a connection reads."""
    names = (english, german, french)
    paid = "only the paid part of the number"
    total = "holds the paid part, too; a connection reads the organic number, so that one is taken"
    return (
        column(meaning, *_with(names, _ORGANIC), is_key=is_key, also=more),
        column("", *_with(names, _PAID), why_not=paid),
        column("", *_with(names, _ALL), why_not=total),
    )


def _with(names: tuple[str, str, str], parts: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Headings by language with each word for the part in brackets."""
    return tuple(
        "|".join(f"{name} ({part})" for name in said.split("|") for part in parts[language])
        for said, language in zip(names, parts, strict=True)
    )


def _visits(where: str, german: str, french: str) -> Said:
    """A part of the page's visits: not taken, because all of them are."""
    devices = ("desktop", "mobile", "total"), ("Desktop", "Mobilgeräte", "gesamt"), ("ordinateur", "mobile", "total")
    said = [
        "|".join(f"{name} ({device})" for name in names.split("|") for device in known)
        for names, known in zip((where, german, french), devices, strict=True)
    ]
    return column("", *said, why_not="a part of all visits")


EXPORTS = Exports(
    "LinkedIn page analytics",
    (
        Export(
            "content by day",
            "linkedin",
            Kind.DAILY,
            (
                _DATE,
                *_split(
                    "metric:impressions", "Impressions", "Impressions|Impressionen", "Impressions", is_key=True
                ),
                column(
                    "", "Unique impressions (organic)",
                    "Einmalige Impressions (organisch)|Unique Impressions (organisch)",
                    "Impressions uniques (organiques)|Impressions uniques (organique)", why_not=_UNIQUE_DAY,
                ),
                *_split("metric:post_clicks", "Clicks", "Klicks", "Clics", "metric:link_clicks", is_key=True),
                *_split("metric:likes", "Reactions", "Reaktionen", "Réactions"),
                *_split("metric:comments", "Comments", "Kommentare", "Commentaires"),
                *_split("metric:shares", "Reposts|Shares", "Reposts|Geteilte Beiträge|Erneute Veröffentlichungen",
                        "Republications|Partages"),
                *(
                    column(IGNORED_RATE, *names)
                    for part in (_ORGANIC, _PAID, _ALL)
                    for names in [_with(_RATE, part)]
                ),
            ),
            day_first=frozenset({"de", "fr"}),
        ),
        Export(
            "posts",
            "linkedin",
            Kind.POSTS,
            (
                column(TEXT, "Post title|Update title", "Beitragstitel|Titel des Beitrags|Titel des Posts",
                       "Titre du post|Titre de la publication", is_key=True),
                column(LINK, "Post link|Update link", "Beitragslink|Link zum Beitrag|Post-Link",
                       "Lien du post|Lien de la publication|Lien vers le post", is_key=True),
                column("", "Post type|Update type", "Beitragstyp|Art des Beitrags", "Type de post|Type de publication",
                       why_not="tells organic from paid posts only"),
                column("", "Campaign name", "Kampagnenname|Name der Kampagne", "Nom de la campagne",
                       why_not="campaigns of ads are not part of a post"),
                column("", "Posted by", "Gepostet von|Veröffentlicht von", "Publié par",
                       why_not="names of people are not kept"),
                column(PUBLISHED, "Created date", "Erstellungsdatum|Erstellt am|Erstelldatum",
                       "Date de création|Créé le", is_key=True),
                column("", "Campaign start date|Campaign end date|Audience",
                       "Startdatum der Kampagne|Kampagnenstartdatum|Enddatum der Kampagne|Kampagnenenddatum|Zielgruppe",
                       "Date de début de la campagne|Date de fin de la campagne|Audience",
                       why_not="campaigns of ads are not part of a post"),
                column("metric:impressions", "Impressions", "Impressions|Impressionen", "Impressions"),
                column("metric:video_views", "Views (Excluding offsite video views)|Views|Video views",
                       "Aufrufe (ohne externe Videoaufrufe)|Aufrufe|Videoaufrufe",
                       "Vues (hors vues de vidéo hors site)|Vues|Vues de la vidéo"),
                column("", "Offsite Views", "Externe Aufrufe|Offsite-Aufrufe", "Vues hors site",
                       why_not="views outside LinkedIn, which a connection cannot read"),
                column("metric:post_clicks", "Clicks", "Klicks", "Clics", also=("metric:link_clicks",)),
                column(IGNORED_RATE, "Click through rate (CTR)", "Klickrate (CTR)|Klickrate",
                       "Taux de clics (CTR)|Taux de clics"),
                column("metric:likes", "Likes|Reactions", "Likes|„Gefällt mir“-Angaben|Gefällt mir-Angaben|Reaktionen",
                       "J'aime|Réactions|Likes"),
                column("metric:comments", "Comments", "Kommentare", "Commentaires"),
                column("metric:shares", "Reposts|Shares", "Reposts|Geteilte Beiträge|Erneute Veröffentlichungen",
                       "Republications|Partages"),
                column("metric:follows", "Follows", "Follows|Follower", "Abonnements|Nouveaux abonnés"),
                column(IGNORED_RATE, "Engagement rate", "Engagement-Rate|Engagementrate", "Taux d'engagement"),
                column(KIND, "Content Type", "Inhaltstyp|Art des Inhalts", "Type de contenu"),
            ),
            note="LinkedIn exports the numbers of the period you chose there. Choose one that holds the whole life of "
            "the posts.",
        ),
        Export(
            "new followers by day",
            "linkedin",
            Kind.DAILY,
            (
                _DATE,
                column("", "Sponsored followers", "Gesponserte Follower|Bezahlte Follower", "Abonnés sponsorisés",
                       why_not="a part of all new followers"),
                column("", "Organic followers", "Organische Follower", "Abonnés organiques|Abonnés naturels",
                       why_not="a part of all new followers", is_key=True),
                column("", "Auto-invited followers", "Automatisch eingeladene Follower",
                       "Abonnés invités automatiquement", why_not="a part of all new followers"),
                column("metric:followers_gained", "Total followers", "Follower insgesamt|Follower gesamt",
                       "Total des abonnés|Total d'abonnés|Nombre total d'abonnés", is_key=True),
            ),
            note="Total followers is what LinkedIn calls the new followers of the day, and is taken so.",
        ),
        Export(
            "visitors by day",
            "linkedin",
            Kind.DAILY,
            (
                _DATE,
                column("metric:profile_visits", "Total page views (total)",
                       "Seitenaufrufe insgesamt (gesamt)|Gesamtzahl der Seitenaufrufe (gesamt)",
                       "Total des pages vues (total)|Total des vues de la page (total)|"
                       "Nombre total de pages vues (total)", is_key=True),
                column("metric:profile_visitors", "Total unique visitors (total)",
                       "Einzelne Besucher insgesamt (gesamt)|Eindeutige Besucher insgesamt (gesamt)|"
                       "Gesamtzahl der einzelnen Besucher (gesamt)",
                       "Total des visiteurs uniques (total)|Nombre total de visiteurs uniques (total)", is_key=True),
                column("", "Total page views (desktop)|Total page views (mobile)|Total unique visitors (desktop)|"
                       "Total unique visitors (mobile)", why_not="a part of all visits"),
                _visits("Overview page views|Overview unique visitors", "Seitenaufrufe Überblick|Besucher Überblick",
                        "Pages vues aperçu|Visiteurs uniques aperçu"),
                _visits("Life page views|Life unique visitors", "Seitenaufrufe Life|Besucher Life",
                        "Pages vues Vie|Visiteurs uniques Vie"),
                _visits("Jobs page views|Jobs unique visitors", "Seitenaufrufe Jobs|Besucher Jobs",
                        "Pages vues Offres d'emploi|Visiteurs uniques Offres d'emploi"),
            ),
        ),
    ),
)  # fmt: skip
