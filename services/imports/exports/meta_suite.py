"""Meta Business Suite, Insights: content of Facebook and of Instagram, and one file for each number of the account.

Numbers of the account stand in UTF-16 under "sep=,", with what they are in a line of their own above the headings.
"""

from __future__ import annotations

from services.imports.export import CURRENCY, Export, Exports, Kind, Said, column, plain
from services.imports.headings import (
    ACCOUNT,
    ACCOUNT_ID,
    DAY,
    DURATION,
    HANDLE,
    IGNORED_RATE,
    IGNORED_SUM,
    KIND,
    LINK,
    PERIOD,
    POST_ID,
    PUBLISHED,
    TEXT,
    TITLE,
)  # fmt: skip

_PART = "a part of the number beside it"
_NOT_KEPT = "nothing that is kept of a post"
_NONE_YET = "no metric for it yet"

_POST = (
    column(
        POST_ID, "Post ID", "Beitrags-ID|Beitrag-ID|Post-ID",
        "Identifiant de la publication|ID de la publication|ID de publication", is_key=True,
    ),
    column(TEXT, "Description", "Beschreibung", "Description"),
    column(DURATION, "Duration (sec)", "Dauer (Sek.)|Dauer (Sekunden)|Dauer (s)", "Durée (s)|Durée (sec)|Durée (en s)"),
    column(
        PUBLISHED, "Publish time", "Veröffentlichungszeit|Zeitpunkt der Veröffentlichung|Veröffentlichungszeitpunkt",
        "Heure de publication|Date de publication", is_key=True,
    ),
    column(LINK, "Permalink", "Permalink|Dauerlink", "Permalien|Lien permanent"),
    column(KIND, "Post type", "Beitragstyp|Beitragsart|Art des Beitrags", "Type de publication"),
    column(PERIOD, "Date", "Datum", "Date"),
    column("", "Data comment", "Datenkommentar|Kommentar zu den Daten", "Commentaire sur les données",
           why_not=_NOT_KEPT),
    column("metric:views", "Views", "Aufrufe", "Vues"),
    column("metric:impressions", "Impressions", "Impressionen", "Impressions"),
    column("metric:reach", "Reach", "Reichweite", "Couverture|Portée"),
    column("metric:comments", "Comments", "Kommentare", "Commentaires"),
    column(
        "metric:shares", "Shares", "Geteilte Inhalte|Geteilt|Mal geteilt|Shares", "Partages"
    ),
)  # fmt: skip

_FACEBOOK: tuple[Said, ...] = (
    *_POST,
    column(ACCOUNT_ID, "Page ID", "Seiten-ID|Seiten ID", "ID de la Page|Identifiant de la Page", is_key=True),
    column(ACCOUNT, "Page name", "Seitenname|Name der Seite", "Nom de la Page"),
    column(TITLE, "Title", "Titel", "Titre"),
    column("metric:likes", "Reactions", "Reaktionen", "Réactions"),
    column("metric:post_clicks", "Total clicks", "Klicks insgesamt|Klicks gesamt|Gesamtzahl der Klicks",
           "Total des clics|Total de clics|Nombre total de clics"),
    column("metric:link_clicks", "Link clicks|Link Clicks", "Link-Klicks|Linkklicks|Klicks auf Links",
           "Clics sur un lien|Clics sur le lien|Clics sur des liens"),
    column("metric:video_watch_time", "Seconds viewed", "Angesehene Sekunden|Sekunden angesehen",
           "Secondes regardées|Secondes visionnées|Secondes regardé", scale=1.0),
    column("metric:video_views", "3-second video views", "3-Sekunden-Videoaufrufe|Videoaufrufe von 3 Sekunden",
           "Vues de vidéo de 3 secondes|Vues de vidéos de 3 secondes"),
    column(IGNORED_RATE, "Average Seconds viewed", "Durchschnittlich angesehene Sekunden",
           "Nombre moyen de secondes regardées|Secondes moyennes visionnées"),
    column(IGNORED_SUM, "Reactions, comments and shares", "Reaktionen, Kommentare und geteilte Inhalte",
           "Réactions, commentaires et partages"),
    column("metric:revenue", f"Estimated earnings {CURRENCY}", f"Geschätzte Einnahmen {CURRENCY}",
           f"Revenus estimés {CURRENCY}"),
    column("", "Views from Organic posts|Views from Boosted posts|Reach from Organic posts|Reach from Boosted posts|"
           "Other Clicks|Matched Audience Targeting Consumption (Photo Click)|Photo clicks|"
           "Matched Audience Targeting Consumption (Video Click)",
           "Sonstige Klicks|Klicks auf Fotos",
           "Vues de Publications organiques|Vues de Publications boostées|Couverture de Publications organiques|"
           "Couverture de Publications boostées|Autres clics", why_not=_PART),
    column("", "Caption type|Is crosspost|Is share|Custom labels|Languages|Funded content status|Universal video ID|"
           "Video asset ID",
           "Art der Bildunterschrift|Ist Crossposting|Wurde geteilt|Sprachen|Status des finanzierten Inhalts",
           "Type de légende|Est une publication croisée|Est un partage|Libellés personnalisés|Langues|"
           "Statut du contenu financé", why_not=_NOT_KEPT),
    column("", "Negative feedback from users|Negative feedback from users: Hide all|1-minute video views|"
           "Ad impressions|Ad CPM (USD)", "Negatives Feedback von Nutzern|1-Minuten-Videoaufrufe",
           "Avis négatifs des utilisateurs|Vues de vidéo d'une minute", why_not=_NONE_YET),
)  # fmt: skip

_INSTAGRAM: tuple[Said, ...] = (
    *_POST,
    column(ACCOUNT_ID, "Account ID", "Konto-ID|Konto ID|Account-ID", "ID du compte|Identifiant du compte"),
    column(HANDLE, "Account username", "Kontobenutzername|Benutzername des Kontos|Konto-Nutzername",
           "Nom d'utilisateur du compte|Nom d’utilisateur du compte|Nom de profil du compte", is_key=True),
    column(ACCOUNT, "Account name", "Kontoname|Name des Kontos", "Nom du compte"),
    column("metric:likes", "Likes", "„Gefällt mir“-Angaben|Gefällt mir-Angaben|Likes", "J'aime|Mentions J'aime"),
    column("metric:follows", "Follows", "Follows|Neue Follower|Abonnements", "Followers|Abonnements|Abonnés gagnés"),
    column("metric:saves", "Saves", "Gespeichert|Speicherungen|Gespeicherte Inhalte|Mal gespeichert",
           "Enregistrements"),
    column("metric:views", "Plays", "Wiedergaben", "Lectures"),
    column("metric:profile_visits", "Profile visits", "Profilbesuche|Profilaufrufe", "Visites du profil"),
    column("metric:replies", "Replies", "Antworten", "Réponses"),
    column("metric:story_navigation", "Navigation", "Navigation", "Navigation"),
    column("metric:link_clicks", "Link clicks", "Link-Klicks|Linkklicks", "Clics sur un lien|Clics sur le lien"),
    column("", "Sticker taps", "Sticker-Klicks|Sticker-Taps", "Appuis sur un sticker|Appuis sur les stickers",
           why_not=_NONE_YET),
)  # fmt: skip

_LIFETIME = "The numbers of each row are taken for all that a post has gathered. Export with Lifetime, not by day."


def _series(platform: str, title: str, metric: str, above: str) -> Export:
    """A number of the account by day: `above` are the title lines that tell it, in all languages, between bars."""
    return Export(
        title,
        platform,
        Kind.DAILY,
        (
            column(DAY, "Date", "Datum", "Date", is_key=True),
            column(metric, "Primary", "Primär|Primary", "Principal|Primaire|Primary", is_key=True),
        ),
        under=frozenset(plain(one) for one in above.split("|")),
    )


EXPORTS = Exports(
    "Meta Business Suite",
    (
        Export("Facebook posts", "facebook", Kind.POSTS, _FACEBOOK, note=_LIFETIME),
        Export("Instagram posts", "instagram", Kind.POSTS, _INSTAGRAM, note=_LIFETIME),
        _series("facebook", "new followers of the page by day", "metric:followers_gained",
                "Facebook follows|Facebook-Follows|Facebook-Abonnements|Abonnements Facebook|Suivis sur Facebook|"
                "Followers Facebook"),
        _series("facebook", "visits of the page by day", "metric:profile_visits",
                "Facebook visits|Facebook-Besuche|Facebook-Aufrufe|Visites Facebook|Visites sur Facebook"),
        _series("facebook", "link clicks of the page by day", "metric:link_clicks",
                "Facebook link clicks|Facebook-Link-Klicks|Facebook-Linkklicks|Clics sur des liens Facebook|"
                "Clics sur un lien Facebook"),
        _series("facebook", "reach of the page by day", "metric:reach",
                "Facebook reach|Facebook-Reichweite|Couverture Facebook|Couverture sur Facebook"),
        _series("instagram", "new followers of the profile by day", "metric:followers_gained",
                "Instagram follows|Instagram-Follows|Instagram-Abonnements|Abonnements Instagram|"
                "Suivis sur Instagram|Followers Instagram"),
        _series("instagram", "visits of the profile by day", "metric:profile_visits",
                "Instagram profile visits|Instagram visits|Instagram-Profilbesuche|Instagram-Profilaufrufe|"
                "Visites du profil Instagram"),
        _series("instagram", "link clicks of the profile by day", "metric:link_clicks",
                "Instagram link clicks|Instagram-Link-Klicks|Instagram-Linkklicks|Clics sur un lien Instagram"),
        _series("instagram", "reach of the profile by day", "metric:reach",
                "Instagram reach|Instagram-Reichweite|Couverture Instagram|Couverture sur Instagram"),
        _series("", "views by day", "metric:views", "Views|Aufrufe|Vues"),
        _series("", "reach by day", "metric:reach", "Reach|Viewers|Reichweite|Betrachter|Couverture|Spectateurs"),
        _series("", "interactions by day", "metric:interactions",
                "Content interactions|Interaktionen mit Inhalten|Interaktionen mit Content|"
                "Interactions avec le contenu"),
    ),
)  # fmt: skip
