"""TikTok Studio: overview, content, followers and viewers, each a table of its own. Days often name no year."""

from __future__ import annotations

from dataclasses import replace

from services.imports.export import Export, Exports, Kind, column
from services.imports.headings import DAY, IGNORED_RATE, LINK, PUBLISHED, TITLE

_DATE = column(DAY, "Date", "Datum", "Date", is_key=True)
_LIKES = column("metric:likes", "Likes", "Likes|„Gefällt mir“-Angaben|Gefällt mir-Angaben", "J'aime|Mentions J'aime")
_COMMENTS = column("metric:comments", "Comments", "Kommentare", "Commentaires")
_SHARES = column("metric:shares", "Shares", "Freigaben|Geteilt|Geteilte Inhalte|Mal geteilt", "Partages")
_REACHED = column(
    "metric:reach", "Reached audience|Unique Viewers|Total Viewers", "Erreichtes Publikum|Einzelne Zuschauer",
    "Audience atteinte|Spectateurs uniques",
)  # fmt: skip
_GAINED = column("metric:followers_gained", "New followers", "Neue Follower", "Nouveaux followers|Nouveaux abonnés")
_LOST = column("metric:followers_lost", "Lost followers", "Verlorene Follower", "Followers perdus|Abonnés perdus")
_FOLLOWERS = column(
    "metric:followers", "Followers|Total followers", "Follower|Follower insgesamt",
    "Followers|Abonnés|Total des followers|Total des abonnés", is_key=True,
)  # fmt: skip
_ENGAGED = column(
    "metric:accounts_engaged",
    "Engaged audience",
    "Publikum mit Interaktion",
    "Audience ayant interagi|Audience engagée",
)
_NEW = replace(_GAINED, is_key=True)
_NET = column(
    "", "Net growth|Difference in followers from previous day",
    "Nettowachstum|Differenz der Follower zum Vortag|Differenz der Follower gegenüber dem Vortag",
    "Croissance nette|Différence de followers par rapport à la veille|"
    "Différence d'abonnés par rapport au jour précédent",
    why_not="follows from the followers of two days", is_key=True,
)  # fmt: skip

EXPORTS = Exports(
    "TikTok Studio",
    (
        Export(
            "content",
            "tiktok",
            Kind.POSTS,
            (
                column("", "Time", "Zeit", "Heure", why_not="the day of the export; each video has its own time"),
                column(TITLE, "Video title", "Videotitel|Video-Titel", "Titre de la vidéo", is_key=True),
                column(LINK, "Video link", "Videolink|Video-Link", "Lien de la vidéo|Lien vidéo"),
                column(
                    PUBLISHED, "Post time|Video publish time", "Veröffentlichungszeit|Postzeit|Beitragszeit",
                    "Heure de publication|Date de publication", is_key=True,
                ),
                column(
                    "metric:likes", "Total likes|Likes", "Likes insgesamt|Gesamtzahl Likes|Likes",
                    "Total de J'aime|Total des J'aime|J'aime|Nombre total de J'aime",
                ),
                column(
                    "metric:comments", "Total comments|Comments",
                    "Kommentare insgesamt|Gesamtzahl Kommentare|Kommentare",
                    "Total des commentaires|Commentaires|Nombre total de commentaires",
                ),
                column(
                    "metric:shares", "Total shares|Shares",
                    "Geteilte Inhalte insgesamt|Gesamtzahl Freigaben|Freigaben|Geteilt insgesamt",
                    "Total des partages|Partages|Nombre total de partages",
                ),
                column(
                    "metric:views", "Total views|Video views",
                    "Aufrufe insgesamt|Gesamtzahl Aufrufe|Videoaufrufe|Videoaufrufe insgesamt",
                    "Total des vues|Vues de la vidéo|Vues vidéo|Nombre total de vues", is_key=True,
                ),
                column(
                    "metric:saves", "Total saves|Add to Favorites|Favorites", "Zu Favoriten hinzufügen|Favoriten",
                    "Ajouts aux favoris|Favoris|Ajouter aux favoris",
                ),
                column("metric:follows", "New followers", "Neue Follower", "Nouveaux followers|Nouveaux abonnés"),
                column(
                    IGNORED_RATE, "Average watch time|Watched full video",
                    "Durchschnittliche Wiedergabezeit|Vollständig angesehen",
                    "Durée moyenne de visionnage|Vidéo visionnée en entier",
                ),
            ),
            post_kind="video",
        ),
        Export(
            "overview",
            "tiktok",
            Kind.DAILY,
            (
                _DATE,
                column(
                    "metric:views", "Video Views", "Videoaufrufe|Video-Aufrufe",
                    "Vues de la vidéo|Vues vidéo|Vues des vidéos", is_key=True,
                ),
                column("metric:profile_visits", "Profile Views", "Profilaufrufe", "Vues du profil", is_key=True),
                _LIKES, _COMMENTS, _SHARES, _REACHED, _GAINED, _LOST, replace(_NET, is_key=False),
            ),
            note="Counts can be below zero on a day when likes or comments were taken back. Such values stay out.",
        ),
        Export("followers", "tiktok", Kind.DAILY, (_DATE, _FOLLOWERS, _NET, _GAINED, _LOST, _REACHED)),
        Export("audience", "tiktok", Kind.DAILY, (_DATE, _FOLLOWERS, _NEW, _LOST, _REACHED, _ENGAGED)),
        Export(
            "viewers",
            "tiktok",
            Kind.DAILY,
            (
                _DATE,
                column("metric:reach", "Total Viewers", "Zuschauer insgesamt", "Total des spectateurs", is_key=True),
                column(
                    "", "New Viewers|Returning Viewers", "Neue Zuschauer|Wiederkehrende Zuschauer",
                    "Nouveaux spectateurs|Spectateurs récurrents", is_key=True, why_not="a part of all viewers",
                ),
            ),
        ),
    ),
)  # fmt: skip
