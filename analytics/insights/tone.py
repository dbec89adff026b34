"""Words that turn a sentence: which way, whether at all, how it judges, how sure it is, why, and what it asks for."""

from __future__ import annotations

import re

UP = re.compile(
    r"\b(?:rose|rise|rises|risen|rising|up|upward\w*|increas\w*|grew|grow\w*|gain\w*|more|higher|above|climb\w*|jump\w*|"
    r"surg\w*|soar\w*|doubl\w*|tripl\w*|better|outperform\w*|gestiegen|stieg\w*|steig\w*|zunahm\w*|zunehm\w*|zugenommen|"
    r"wuchs\w*|wächst|gewachsen|wachs\w*|mehr|höher\w*|über|plus|zuwachs|verdoppel\w*|gewonnen|augment\w*|hausse|"
    r"progress\w*|monté\w*|grimp\w*|supérieur\w*|au-dessus|davantage|bondi\w*|gagn\w*|croissance|sub(?:e|en|ió|ieron|ido|ir|ida)|"
    r"aument\w*|crec\w*|creci\w*|increment\w*|más|superior\w*|encima|ganó|ganaron|ganad[oa]s?|alza|mejor\w*|dupli\w*|tripli\w*)\b",
    re.IGNORECASE,
)
DOWN = re.compile(
    r"\b(?:fell|fall|falls|fallen|falling|down|downward\w*|decreas\w*|drop\w*|declin\w*|fewer|less|lower|below|lost|lose\w*|"
    r"sank|shrank|shrink\w*|slump\w*|plung\w*|halv\w*|worse|underperform\w*|gefallen|fiel\w*|fallen|sank\w*|sinkt|sinken|"
    r"gesunken|abnahm\w*|abgenommen|weniger|niedriger\w*|tiefer|unter|minus|rückgang|verlor\w*|halbier\w*|baiss\w*|"
    r"recul\w*|chut\w*|diminu\w*|moins|inférieur\w*|au-dessous|perd\w*|tomb\w*|en-dessous|baj(?:a|an|ó|aron|ad[oa]s?|ar)|"
    r"cae|caen|cay[óe]\w*|caíd\w*|caer|descen\w*|dismin\w*|reduj\w*|reduc(?:ción|id[oa]s?)|menos|inferior\w*|debajo|pierd\w*|"
    r"retroce\w*|peor\w*)\b",
    re.IGNORECASE,
)


NOT = re.compile(
    r"\b(?:not|no|never|neither|without|hardly|cannot|nicht|kein\w*|nie|niemals|ohne|kaum|pas|jamais|aucun\w*|sans|nunca|jamás|ningun\w*|ningún|tampoco|sin|apenas)\b"
    r"|n['’]t\b",
    re.IGNORECASE,
)
PRAISE = re.compile(
    r"\b(?:good|great|excellent\w*|improv\w*|success\w*|strong\w*|impressive|gut\w*|erfreulich\w*|verbesser\w*|"
    r"erfolg\w*|stark\w*|bonne?s?|bien|excellente?s?|amélior\w*|succès|réussi\w*|buen[oa]?s?|excelentes?|mejor\w*|éxitos?|"
    r"exitos[oa]s?|fuertes?|impresionantes?)\b",
    re.IGNORECASE,
)
BLAME = re.compile(
    r"\b(?:bad|poor\w*|wors\w*|weak\w*|disappoint\w*|fail\w*|alarming|schlecht\w*|verschlechter\w*|schwach\w*|"
    r"enttäusch\w*|misserfolg\w*|mauvaise?s?|mal|faibles?|décev\w*|échec\w*|détérior\w*|inquiét\w*|mal[oa]s?|"
    r"peor\w*|empeor\w*|débil\w*|decepcion\w*|fracas\w*|preocupantes?|alarmantes?)\b",
    re.IGNORECASE,
)
WHY = re.compile(
    r"\b(?:because|due to|thanks to|owing to|caused|therefore|weil|wegen|dank|aufgrund|deshalb|verursacht\w*|"
    r"parce|grâce|à cause|en raison|donc|porque|debido|gracias|a causa|por eso|causad\w*|provoc\w*)\b",
    re.IGNORECASE,
)
ASKS = re.compile(
    r"\b(?:passwor[dt]\w*|mot de passe|click\w*|klick\w*|cliqu\w*|pay|paid|bezahl\w*|überweis\w*|"
    r"pay(?:er|ez)|invoice\w*|"
    r"rechnung\w*|facture\w*|log ?in|sign ?in|anmeld\w*|call|ruf\w*|appel\w*|"
    r"download\w*|install\w*|send|sends|sende\w*|"
    r"schick\w*|envoy\w*|bitcoin\w*|crypto\w*|transfer\w*|visit|besuch\w* sie|visitez|buy|kauf\w*|achet\w*|contact\w*|"
    r"kontakt\w*|urgent\w*|dringend\w*|verify|verifizier\w*|hack\w*|gehackt|pirat\w*|contraseña\w*|clics?|clique\w*|"
    r"pag(?:a|ar|ue|uen)|iniciar? sesión|inicie sesión|llam(?:a|ar|e|en)|descarg\w*|instal\w*|env(?:ía|íe|íen|iar)|"
    r"mand(?:a|ar|e|en)|visite\w*|compr(?:a|ar|e|en)|transfier\w*|verifi\w*)\b",
    re.IGNORECASE,
)
OUTDOES = re.compile(
    r"\b(?:record\w*|ever|highest|lowest|best|worst|largest|biggest|smallest|peak\w*|unprecedented|guarante\w*|"
    r"certain(?:ly)?|definite\w*|proven|surely|undoubtedly|rekord\w*|jemals|höchste\w*|niedrigste\w*|beste\w*|"
    r"schlechteste\w*|größte\w*|kleinste\w*|garantier\w*|sicher\w*|bewiesen|zweifellos|meilleure?s?|pires?|le plus|"
    r"la plus|les plus|inédit\w*|garanti\w*|certainement|sûrement|prouvé\w*|récord\w*|jamás|máxim\w*|mínim\w*|"
    r"garantiz\w*|segur(?:o|a|os|as|amente)|sin duda|demostrad\w*|(?:el|la|los|las|lo) (?:mejor|peor)(?:es)?|"
    r"(?:el|la|los|las) más)\b",
    re.IGNORECASE,
)
HEDGES = re.compile(
    r"\b(?:likely|probabl\w*|expect\w*|may|might|could|should|wahrscheinlich|voraussichtlich|erwart\w*|dürfte\w*|"
    r"vermutlich|könnte\w*|devrai\w*|pourrai\w*|attendu\w*|prévu\w*|vraisembl\w*|esper\w*|previst\w*|podrí\w*|puede\w*|debería\w*|quizá\w*)\b",
    re.IGNORECASE,
)
