"""Lines that credit another publisher, in other languages than English. In: a line's text. Out: what matched, or None.

Each pattern takes a line from end to end; `lines` asks besides that it is a link, or shouted.
"""

import re

_NAME = r"(?P<name>[^.!?:;]{2,80}?)"
_PATTERNS = tuple(
    re.compile(rf"\W*(?:{pattern})\W*", re.I)
    for pattern in (
        # German
        rf"(?:bitte\s+)?(?:hier\s+klicken|klicken\s+sie\s+hier|klick(?:e|t)?\s+hier)\s*,?\s*(?:um|für)\s+mehr"
        rf"(?:\s+(?:vo[nm]|bei(?:m)?|aus|in|im|auf|über)\s+(?:de[rmn]\s+|die\s+)?{_NAME})?(?:\s+zu\s+(?:lesen|erfahren|sehen))?",
        rf"den\s+(?:ganzen|vollständigen)\s+(?:artikel|text|bericht|beitrag)"
        rf"\s+(?:vo[nm]|bei(?:m)?|aus|in|im|auf)\s+(?:de[rmn]\s+|die\s+)?{_NAME}(?:\s+(?:weiter)?lesen)?",
        # French
        rf"cliquez\s+ici\s+pour\s+(?:(?:en\s+)?(?:lire|voir|savoir)\s+)?(?:(?:la\s+suite|davantage|plus|l['’](?:article|original)(?:\s+complet)?)\s*)?"
        rf"(?:(?:sur|dans|de|du|chez|à|au)\s+{_NAME})?",
        rf"(?:lire|retrouvez)\s+(?:la\s+suite|l['’](?:article|original)(?:\s+complet)?)\s+(?:sur|dans|chez)\s+{_NAME}",
        # Spanish
        rf"(?:haga|haz|hacer)\s+clic\s+aquí\s+para\s+(?:(?:leer|ver|saber)\s+)?(?:más|(?:el\s+|la\s+)?(?:artículo|nota|noticia|original)(?:\s+completo|\s+completa)?)"
        rf"(?:\s+(?:de|del|en|sobre)\s+{_NAME})?",
        rf"(?:leer?|lea)\s+(?:el\s+|la\s+)?(?:artículo|nota|noticia)\s+complet[oa]\s+(?:de|del|en)\s+{_NAME}",
        # Portuguese
        rf"cli(?:que|car)\s+aqui\s+para\s+(?:(?:ler|ver|saber)\s+)?(?:mais|(?:o\s+|a\s+)?(?:artigo|notícia|matéria|original)(?:\s+complet[oa])?)"
        rf"(?:\s+(?:de|do|da|em|no|na|sobre)\s+{_NAME})?",
        rf"(?:ler?|leia)\s+(?:o\s+|a\s+)?(?:artigo|notícia|matéria)\s+complet[oa]\s+(?:de|do|da|em|no|na)\s+{_NAME}",
        # Italian
        rf"clicca(?:te|re)?\s+qui\s+per\s+(?:(?:leggere|vedere|saperne)\s+)?(?:di\s+più|altro|(?:l['’])?(?:articolo|originale)(?:\s+(?:completo|intero))?)"
        rf"(?:\s+(?:sull['’]|dell['’]|nell['’]|(?:su|da|di|dal|del|della|sul|sulla)\s+){_NAME})?",
        rf"(?:leggi|continua\s+a\s+leggere)\s+l['’]articolo(?:\s+completo)?\s+(?:su|da|sul|sulla)\s+{_NAME}",
        # Dutch
        rf"klik\s+hier\s+(?:om|voor)\s+(?:meer|het\s+(?:hele|volledige)\s+(?:artikel|verhaal))(?:\s+(?:van|in|op|bij|over)\s+{_NAME})?(?:\s+te\s+lezen)?",
        rf"lees\s+het\s+(?:hele|volledige)\s+(?:artikel|verhaal)\s+(?:van|in|op|bij)\s+{_NAME}",
        # Polish
        rf"kliknij\s+(?:tutaj|tu)\s*,?\s*(?:aby|żeby|by)\s+(?:przeczytać|zobaczyć)\s+(?:więcej|cały\s+artykuł)(?:\s+(?:z|ze|w|na)\s+{_NAME})?",
        # Russian
        rf"нажмите\s+(?:здесь|сюда)\s*,?\s*чтобы\s+(?:прочитать|прочесть|читать|узнать)\s+(?:больше|подробнее|далее|полностью|(?:всю\s+)?статью)"
        rf"(?:\s+(?:в|во|на|от|из)\s+{_NAME})?",
        # Swedish, Norwegian, Danish
        rf"klicka\s+här\s+för\s+att\s+läsa\s+mer(?:\s+(?:från|i|på|hos)\s+{_NAME})?",
        rf"kli(?:kk|k)\s+her\s+for\s+(?:å|at)\s+(?:lese|læse)\s+mer?e?(?:\s+(?:fra|i|på|hos)\s+{_NAME})?",
    )
)


def credited_elsewhere(text: str) -> re.Match[str] | None:
    return next((found for pattern in _PATTERNS if (found := pattern.fullmatch(text))), None)
