"""YouTube Studio, Analytics in advanced mode: a ZIP or sheet with Table data, Chart data and Totals."""

from __future__ import annotations

from services.imports.export import CURRENCY, Export, Exports, Kind, Said, column
from services.imports.headings import DAY, DURATION, IGNORED_RATE, POST_ID, PUBLISHED, TITLE

_NET = "subscribers gained less those lost; a connection reads the two apart"
_CONTENT = column(
    POST_ID, "Content|Video|Videos", "Videos|Inhalte|Inhalt|Video", "Contenu|Contenus|Vidéo|Vidéos", is_key=True
)
_DATE = column(DAY, "Date", "Datum", "Date", is_key=True)


def _numbers(*, is_key: bool) -> tuple[Said, ...]:
    """The metrics of a table; `is_key`: it is told by the watch time, too."""
    return (
        column("metric:views", "Views", "Aufrufe", "Vues"),
        column(
            "metric:watch_time", "Watch time (hours)", "Wiedergabezeit (Stunden)",
            "Durée de visionnage (heures)|Temps de visionnage (heures)", scale=3600.0, is_key=is_key,
        ),
        column("metric:likes", "Likes", "„Mag ich“-Bewertungen|Mag ich-Bewertungen|Mag ich", "J'aime|Mentions J'aime"),
        column(
            "metric:dislikes", "Dislikes", "„Mag ich nicht“-Bewertungen|Mag ich nicht-Bewertungen",
            "Je n'aime pas|Mentions Je n'aime pas",
        ),
        column(
            "metric:comments", "Comments added|Comments", "Hinzugefügte Kommentare|Kommentare",
            "Commentaires ajoutés|Commentaires",
        ),
        column("metric:shares", "Shares", "Geteilte Inhalte|Geteilt", "Partages"),
        column("metric:followers_gained", "Subscribers gained", "Gewonnene Abonnenten", "Abonnés gagnés"),
        column("metric:followers_lost", "Subscribers lost", "Verlorene Abonnenten", "Abonnés perdus"),
        column(
            "metric:impressions", "Impressions|Thumbnail impressions", "Impressionen|Thumbnail-Impressionen",
            "Impressions|Impressions de miniature",
        ),
        column(
            "metric:revenue", f"Estimated revenue {CURRENCY}|Your estimated revenue {CURRENCY}",
            f"Geschätzter Umsatz {CURRENCY}|Geschätzte Einnahmen {CURRENCY}",
            f"Revenus estimés {CURRENCY}|Vos revenus estimés {CURRENCY}",
        ),
        column("", "Subscribers", "Abonnenten", "Abonnés", why_not=_NET),
        column("", "Engaged views", "Interessierte Aufrufe", "Vues engagées", why_not="no metric for it yet"),
        column(
            IGNORED_RATE, "Impressions click-through rate (%)|Thumbnail click-through rate (%)",
            "Klickrate der Impressionen (%)", "Taux de clics par impression (%)|Taux de clics des impressions (%)",
        ),
        column(
            IGNORED_RATE, "Average view duration", "Durchschnittliche Wiedergabedauer",
            "Durée moyenne d'une vue|Durée moyenne de visionnage",
        ),
        column(
            IGNORED_RATE, "Average percentage viewed (%)", "Durchschnittliche Wiedergabe (%)|Wiedergabeanteil (%)",
            "Pourcentage moyen de vidéo regardé (%)|Pourcentage moyen regardé (%)",
        ),
        column(IGNORED_RATE, "Stayed to watch (%)", "Weiter angesehen (%)", "Ont continué de regarder (%)"),
        column(
            "", "Unique viewers", "Einzelne Zuschauer", "Spectateurs uniques",
            why_not="people over a whole period cannot be placed on a day",
        ),
    )  # fmt: skip


_VIDEOS = (
    _CONTENT,
    column(TITLE, "Video title", "Videotitel", "Titre de la vidéo", is_key=True),
    column(
        PUBLISHED, "Video publish time", "Veröffentlichungszeitpunkt des Videos|Veröffentlichungszeit des Videos",
        "Heure de publication de la vidéo|Date de publication de la vidéo", is_key=True,
    ),
    column(DURATION, "Duration", "Dauer", "Durée"),
)  # fmt: skip

EXPORTS = Exports(
    "YouTube Studio",
    (
        Export(
            "videos",
            "youtube",
            Kind.POSTS,
            (*_VIDEOS, *_numbers(is_key=False)),
            without=frozenset({"date", "datum"}),
            note="The numbers are taken for all that a video has gathered. Export with the period Lifetime.",
            post_kind="video",
        ),
        Export(
            "chart data",
            "youtube",
            Kind.DAILY,
            (_DATE, *_VIDEOS, *_numbers(is_key=False)),
            refused="It holds one row for each video and day. Bring Table data for videos, or Totals for days.",
        ),
        Export(
            "days of the channel",
            "youtube",
            Kind.DAILY,
            (_DATE, *_numbers(is_key=True)),
            without=frozenset({"content", "contenu", "videos", "inhalte"}),
        ),
        Export(
            "totals by day",
            "youtube",
            Kind.DAILY,
            (_DATE, *_numbers(is_key=False)),
            without=frozenset({"content", "contenu", "videos", "inhalte"}),
            files=("totals", "gesamtwerte", "totaux", "total"),
        ),
    ),
)
