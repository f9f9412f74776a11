"""Facts that words tell without a digit or a capital: numerals in letters, days, months. In: a word. Out: a number."""

_DAYS = (
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
    "september october november december lundi mardi mercredi jeudi vendredi samedi dimanche janvier février mars "
    "avril mai juin juillet août septembre octobre novembre décembre lunes martes miércoles jueves viernes sábado "
    "domingo enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre lunedì "
    "martedì mercoledì giovedì venerdì sabato domenica gennaio febbraio aprile maggio giugno luglio settembre "
    "ottobre dicembre segunda terça quarta quinta sexta janeiro fevereiro março maio junho julho setembro outubro "
    "novembro dezembro maandag dinsdag woensdag donderdag vrijdag zaterdag zondag januari februari maart juni juli "
    "augustus oktober måndag tisdag onsdag torsdag fredag lördag söndag mandag tirsdag lørdag søndag "
)
_NUMERALS = """
1 one eins un uno um een
2 two zwei deux dos due dois twee två to
3 three drei trois tres tre três drie
4 four vier quatre cuatro quattro quatro fyra fire
5 five fünf cinq cinco cinque vijf fem
6 six sechs seis sei zes sex seks
7 seven sieben sept siete sette sete zeven sju syv
8 eight acht huit ocho otto oito åtta otte
9 nine neun neuf nueve nove negen nio ni
10 ten zehn dix diez dieci dez tien tio ti
11 eleven elf onze once undici
12 twelve zwölf douze doce dodici doze twaalf tolv
13 thirteen dreizehn treize trece
14 fourteen vierzehn quatorze catorce
15 fifteen fünfzehn quinze quince
16 sixteen sechzehn seize
17 seventeen siebzehn
18 eighteen achtzehn
19 nineteen neunzehn
20 twenty zwanzig vingt veinte venti vinte twintig tjugo
30 thirty dreißig trente treinta trenta trinta
40 forty vierzig quarante cuarenta quaranta
50 fifty fünfzig cinquante cincuenta cinquanta
60 sixty sechzig soixante sesenta
70 seventy siebzig setenta
80 eighty achtzig ochenta
90 ninety neunzig noventa
100 hundred hundert cent cien cento honderd hundra
1000 thousand tausend mille mil duizend tusen
january jan
february feb
april apr
august aug
september sep sept
october oct
november nov
december dec
"""
SAME = {
    word.casefold(): line.split()[0]
    for line in _NUMERALS.strip().splitlines()
    for word in line.split()[1:]
    if word
    not in ("un", "um", "uno", "een", "one", "to", "ti", "ni", "sex", "sept", "mil", "sei", "fire", "due", "once")
}
"""Numerals in letters, and short names of months, as they are written otherwise. Without those that mean more."""
SAID = frozenset(_DAYS.split())
"""Days and months: facts without a capital."""


def spelled(word: str) -> str:
    """A word in small letters as every text writes it: "twelve" and "012" are 12."""
    return str(int(word)) if word.isdecimal() else SAME.get(word, word)
