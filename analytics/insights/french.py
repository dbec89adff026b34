"""Findings in French."""

from __future__ import annotations

from analytics.insights.wording import Language

LANGUAGE = Language(
    code="fr",
    thousands="\u202f",
    decimal=",",
    percent="\u00a0%",
    day="{number} {month}",
    first_day="1er",
    hour="{hour}\u00a0h",
    one_until_two=True,
    months=(
        *("janvier", "février", "mars", "avril", "mai", "juin"),
        *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
    ),
    weekdays=("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    words={
        "above": "au-dessus",
        "below": "au-dessous",
        "against": "contre",
        "from": "dont",
        "and": "et",
        "points": "points",
        "turn_rising": ", de plus en plus utilisé",
        "turn_falling": ", de moins en moins utilisé",
        "turn_new": ", nouveau",
        "untitled": "publication sans texte",
        "good": "Moins, c’est mieux : une bonne nouvelle.",
        "bad": "Moins, c’est mieux : une mauvaise nouvelle.",
        "sure": "Bien étayé par les données.",
        "likely": "Probable, mais pas certain.",
        "hint": "Un indice, rien de plus.",
        "untested": "Non vérifié face au hasard.",
    },
    texts={
        "change": "{title}{where} {change:+%} ({difference:+v}, {periods}){parts}.",
        "change.bare": "{title}{where} : {value:v} après {previous:v} ({periods}){parts}.",
        "post": "{title}{where} : « {post} » atteint {value:v}, soit {times:x} fois la médiane {usual:v} "
        "de {others:n|publication comparable|publications comparables}.",
        "frequency": "{title}{where} : {lift:%} {above} de l’habituel les semaines de {low:c} à {high:c} publications "
        "({weeks:n|semaine comparée|semaines comparées}) ; actuellement {per_week:c} par semaine.",
        "format": "{title}{where} : {content} {lift:%} {above} des autres formats "
        "({posts:n|publication|publications}).",
        "slot": "{title}{where} : {lift:%} {above} de l’habituel le {weekday} vers {hour} "
        "({posts:n|publication|publications}).",
        "pattern": "{title}{where} : {lift:%} {above} de l’habituel pour les publications avec « {feature} » "
        "({posts:n|publication|publications}).",
        "growth": "{title}{where} {growth:+%} par semaine, probablement de {lower:+%} à {upper:+%} "
        "({weeks:n|semaine observée|semaines observées}).",
        "platform": "{title}{account_where} : {platform} se situe {lift:%} {above} des autres plateformes "
        "({posts:n|publication|publications}).",
        "forecast": "{title}{where} : {expected:v} attendus d’ici au {by:d}, probablement de {lower:v} à {upper:v} ; "
        "actuellement {value:v}.",
        "outlook": "{title}{where} : {expected:v} attendus pour la période {period}, "
        "probablement de {lower:v} à {upper:v} ; {previous:v} sur la période précédente.",
        "goal.up": "{title}{where} : l’objectif {target:v} au {by:d} sera probablement dépassé : "
        "{expected:v} attendus, probablement de {lower:v} à {upper:v}.",
        "goal.down": "{title}{where} : {target:v} au {by:d} ne sera probablement pas atteint : "
        "{expected:v} attendus, probablement de {lower:v} à {upper:v}.",
        "goal.open": "{title}{where} : il n’est pas sûr que {target:v} soit dépassé au {by:d} : "
        "{expected:v} attendus, probablement de {lower:v} à {upper:v}.",
        "audience": "{title}{where} : {segment} représente {share:r}, contre {previous:r} auparavant.",
        "hashtag": "{title}{where} : {lift:%} {above} de l’habituel dans les publications avec {tag} "
        "({uses:n|utilisation|utilisations}{turn}).",
        "viral": "{title}{where} : « {post} » atteint {value:v} après {age:n|heure|heures}, "
        "soit {times:x} fois l’habituel {usual:v} à cet âge.",
        "season": "{title}{where} : {lift:%} {above} du reste de l’année en {month} "
        "({years:n|année|années} de données).",
        "shift": "{title}{where} : un palier durable de {change:+%} depuis le {since:d}, "
        "sur {accounts:n|compte|comptes} de la même façon.",
        "benchmark": "{title}{where} : {value:v}, {gap:%} {above} de {peer} avec {benchmark:v}.",
        "anomaly": "{title}{where} : {value:v} le {on:d}, alors que {lower:v} à {upper:v} étaient attendus{parts}.",
        "pacing": "{title}{where} : {spent:v} dépensés sur {budget:v} après {elapsed:r} du temps ; "
        "à ce rythme {projected:v} au {by:d}, {gap:%} {above} du budget.",
        "failing.never": "{platform}{account_where} n’a encore jamais été lu. {hint}",
        "failing": "{platform}{account_where} a été lu pour la dernière fois le {since:d}. {hint}",
        "late": "{platform}{account_where} : les données les plus récentes sont du {last:d}, "
        "{late:n|jour|jours} plus tard que d’habitude.",
        "coverage": "{title}{where} : renseigné par {known:c} sur {accounts:n|compte|comptes}.",
    },
    actions={
        "change.good": "Chercher ce qui l’explique, et en faire davantage.",
        "change.bad": "Comparer les publications et réglages d’une période à l’autre, "
        "en commençant par ce qui a le plus bougé.",
        "post.good": "Reprendre son sujet et son format.",
        "post.bad": "Regarder ce qui la distingue : heure, format, accroche.",
        "frequency.good": "Publier {low:c} à {high:c} fois par semaine pendant un temps et comparer.",
        "frequency.bad": "Éviter {low:c} à {high:c} publications par semaine.",
        "format.good": "Produire davantage dans ce format.",
        "format.bad": "Produire moins dans ce format, ou changer la façon de faire.",
        "slot.good": "Publier davantage à ce moment, et vérifier que cela dure.",
        "slot.bad": "Déplacer des publications vers d’autres moments.",
        "pattern.good": "Prévoir davantage de publications de ce genre.",
        "pattern.bad": "Prévoir moins de publications de ce genre.",
        "growth.good": "Continuer ainsi ; noter ce qui était nouveau quand cela a commencé.",
        "growth.bad": "Chercher quand cela a commencé, et ce qui a changé alors.",
        "platform.good": "Y consacrer davantage d’efforts.",
        "platform.bad": "Y changer d’approche, ou porter les efforts ailleurs.",
        "forecast.good": "Continuer ainsi, et compter sur {cautious:v}.",
        "forecast.bad": "Décider maintenant ce qui doit changer : la tendance va dans le mauvais sens.",
        "outlook.good": "Continuer ainsi, et compter sur {cautious:v}.",
        "outlook.bad": "Décider maintenant ce qui doit changer : la tendance va dans le mauvais sens.",
        "goal.good": "Continuer ainsi, et penser à un objectif plus ambitieux.",
        "goal.bad": "En faire davantage, ou fixer un objectif accessible.",
        "goal.open": "Un peu plus d’efforts peut faire la différence.",
        "audience.up": "Essayer des contenus faits pour cette partie du public.",
        "audience.down": "Se demander si des contenus manquent pour cette partie du public.",
        "hashtag.good": "Utiliser {tag} là où il convient.",
        "hashtag.bad": "Laisser {tag} de côté un temps et comparer.",
        "viral.good": "Répondre aux commentaires maintenant, et donner une suite bientôt.",
        "viral.bad": "Lire les commentaires maintenant, et répondre calmement.",
        "season.good": "Y prévoir les meilleurs contenus.",
        "season.bad": "S’y attendre, et comparer avec le même mois de l’année précédente.",
        "shift": "Chercher ce jour-là un changement de la plateforme ou de vos réglages.",
        "benchmark.good": "Garder ce qui fait la différence.",
        "benchmark.bad": "Regarder ce qui y est fait autrement, et essayer ce qui vous convient.",
        "anomaly.good": "Chercher la cause, pour pouvoir recommencer.",
        "anomaly.bad": "Vérifier la mesure, les campagnes et les commentaires de ce jour.",
        "anomaly": "Vérifier la mesure, les campagnes et les commentaires de ce jour.",
        "pacing.up": "Baisser le budget par jour à {daily:v} pour finir dans le budget.",
        "pacing.down": "Monter le budget par jour à {daily:v}, ou réaffecter le reste.",
        "pacing.spent": "Suspendre les campagnes, ou convenir d’un budget plus élevé.",
        "failing": "Ouvrir la connexion et la refaire ; ses chiffres sont incomplets d’ici là.",
        "late": "Ne pas juger encore les derniers jours ; si cela dure, ouvrir la connexion.",
        "coverage": "Lire le total comme un minimum, ou connecter les comptes manquants.",
    },
    titles={
        "views": "Vues",
        "impressions": "Impressions",
        "likes": "J’aime",
        "comments": "Commentaires",
        "shares": "Partages",
        "saves": "Enregistrements",
        "link_clicks": "Clics sur lien",
        "profile_visits": "Visites du profil",
        "followers": "Abonnés",
        "followers_net": "Nouveaux abonnés nets",
        "followers_gained": "Abonnés gagnés",
        "followers_lost": "Abonnés perdus",
        "follower_growth_rate": "Croissance des abonnés",
        "reach": "Portée",
        "watch_time": "Durée de visionnage",
        "engagement": "Engagements",
        "engagement_rate": "Taux d’engagement",
        "engagement_per_post": "Engagements par publication",
        "click_through_rate": "Taux de clics",
        "revenue": "Chiffre d’affaires",
        "posts_published": "Publications",
    },
    units_of_time={
        **dict.fromkeys(("minute", "minutes"), "minute"),
        **dict.fromkeys(("heure", "heures"), "hour"),
        **dict.fromkeys(("jour", "jours", "journée", "journées"), "day"),
        **dict.fromkeys(("semaine", "semaines"), "week"),
        **dict.fromkeys(("mois",), "month"),
        **dict.fromkeys(("trimestre", "trimestres"), "quarter"),
        **dict.fromkeys(("an", "ans", "année", "années"), "year"),
        **dict.fromkeys(("décennie", "décennies"), "decade"),
    },
)
