"""Words of many languages that only lines of furniture are made of. Fragments of patterns, for `lines` to anchor.

English stands with each rule in `lines`; here is what the same line says elsewhere.
"""

MONTHS = (
    "jan(?:uary|uar|vier|eiro|uari|uary)?|jänner|enero|ene|gennaio|gen|stycz(?:eń|nia)|январ[ья]|янв|januari|leden|ocak",
    "feb(?:ruary|ruar|ruari|braio|rero)?|févr(?:ier)?|fev(?:ereiro)?|lut(?:y|ego)|феврал[ья]|фев|şubat",
    "mar(?:ch|s|zo|ço|zec|ca|t)?|märz|maart|mrt|mrz|марта?|mart",
    "apr(?:il|ile|iel)?|avr(?:il)?|abr(?:il)?|kwie(?:cień|tnia)|апрел[ья]|апр|nisan",
    "may|mai|mayo|mei|maggio|mag|maio|maj(?:a)?|ма[йя]|mayıs",
    "june?|juni|juin|junio|giugno|giu|junho|czerw(?:iec|ca)|июн[ья]|haziran",
    "july?|juli|juil(?:let)?|julio|luglio|lug|julho|lip(?:iec|ca)|июл[ья]|temmuz",
    "aug(?:ust|ustus|usti)?|août|aout|agosto|ago|sierp(?:ień|nia)|августа?|авг|ağustos",
    "sept?(?:ember|embre|iembre|tembro)?|settembre|set(?:embro)?|wrze(?:sień|śnia)|сентябр[ья]|сен|eylül",
    "o[ck]t(?:ober|obre|ubre)?|ottobre|ott|out(?:ubro)?|październik(?:a)?|октябр[ья]|окт|ekim",
    "nov(?:ember|embre|iembre|embro)?|listopad(?:a)?|ноябр[ья]|ноя|kasım",
    "dec(?:ember)?|dez(?:ember|embro)?|déc(?:embre)?|dic(?:iembre|embre)?|grud(?:zień|nia)|декабр[ья]|дек|aralık",
)
"""January to December, in full and as they are shortened."""

SEE_ALSO = (
    r"lesen\s+sie\s+(?:auch|hier|mehr)|lies\s+auch|mehr\s+(?:zum\s+thema|dazu|lesen|infos)|siehe\s+auch|"
    r"zum\s+thema|passend\s+dazu|weiterlesen|"
    r"(?:das\s+könnte|könnte)\s+(?:sie|dich|euch)\s+(?:auch\s+)?interessieren|auch\s+interessant|"
    r"weitere\s+(?:artikel|meldungen|nachrichten|themen)|"
    r"(?:ähnliche|verwandte)\s+(?:artikel|beiträge|themen)|"
    r"(?:à\s+)?lire\s+(?:aussi|également|la\s+suite)|à\s+(?:lire|voir)|voir\s+aussi|sur\s+le\s+même\s+sujet|"
    r"articles?\s+(?:liés|similaires|connexes)|"
    r"pour\s+aller\s+plus\s+loin|en\s+savoir\s+plus|"
    r"(?:lee|lea|leer|ver|vea|mira)\s+también|(?:también\s+)?(?:te|le)\s+puede\s+interesar|puede\s+interesarte|"
    r"más\s+información|no\s+te\s+pierdas|"
    r"(?:noticias?|artículos?|contenidos?|notas?)\s+relacionad[oa]s?|"
    r"leia\s+(?:também|mais)|veja\s+(?:também|mais)|saiba\s+mais|"
    r"(?:artigos|notícias|conteúdo)\s+relacionad[oa]s?|mais\s+sobre\s+o\s+(?:assunto|tema)|"
    r"leggi\s+(?:anche|pure|tutto)|vedi\s+anche|(?:ti\s+)?potrebbe(?:ro)?\s+interessar(?:e|ti)(?:\s+anche)?|"
    r"articoli\s+correlati|per\s+approfondire|"
    r"lees\s+(?:ook|verder|meer)|zie\s+ook|bekijk\s+ook|gerelateerd(?:e\s+artikelen)?|meer\s+over\s+dit\s+onderwerp|"
    r"(?:czytaj|przeczytaj|zobacz|sprawdź)\s+(?:także|też|również|więcej)|powiązane(?:\s+artykuły)?|"
    r"(?:читайте|смотрите)\s+также|читать\s+также|(?:материалы|ещё|еще)\s+по\s+теме|по\s+теме|"
    r"похожие\s+(?:статьи|новости)|"
    r"läs\s+(?:också|även|mer)|les\s+(?:også|mer)|læs\s+også|čtěte\s+(?:také|dále)|související|"
    r"mohlo\s+by\s+vás\s+zajímat|ilgili\s+haberler|ayrıca\s+okuyun|"
    r"関連(?:記事|ニュース|リンク)|あわせて読みたい|合わせて読みたい|おすすめ記事|相关(?:阅读|新闻|文章)|延伸阅读|推荐阅读|관련\s*기사|"
    r"[إا]قرأ\s+(?:أيضا|أيضًا|المزيد)|شاهد\s+أيضا|(?:مقالات|أخبار|مواضيع)\s+ذات\s+صلة"
)
BY = (
    r"von|par|por|di|door|av|af|autor(?:in)?|auteur|texte?|"
    r"redaktion|redacción|автор|текст|tekst|oprac\.?|作者|文|記者|بقلم|كتب|كتبت"
)
ADVERT = (
    r"anzeige|werbung|publicité|publicidad|publicidade|pubblicità|advertentie|annons|"
    r"annonce|reklama|реклама|広告|广告|إعلان|reklam"
)
TAGS = (
    r"schlagw[öo]rte(?:r)?|themen|mots[\s-]clés|étiquettes|etiquetas|temas|tags|parole\s+chiave|argomenti|"
    r"trefwoorden|tagi|słowa\s+kluczowe|"
    r"теги|метки|темы|タグ|キーワード|标签|وسوم|كلمات\s+مفتاحية"
)
SHARE = (
    r"artikel\s+teilen|teilen|partager(?:\s+cet\s+article)?|partage[rz]?|"
    r"compart(?:ir|e|ilhar|ilhe)(?:\s+(?:este\s+)?art[íi](?:culo|go))?|"
    r"partilhar(?:\s+este\s+artigo)?|condividi|delen|udostępnij(?:\s+artykuł)?|поделиться|シェア|この記事をシェア|分享|"
    r"شارك(?:\s+المقال)?|drucken|imprimer|imprimir|"
    r"stampa|versenden|merken"
)
COMMENTS = (
    r"kommentare?|kommentieren|commentaires?|comentarios?|comentários?|commenti|reacties|komentarze|"
    r"комментари[ий]|コメント|评论|التعليقات|antworten|répondre|"
    r"responder|rispondi|odpowiedz|ответить"
)
RIGHTS = (
    r"all\s+rights\s+reserved|alle\s+rechte\s+vorbehalten|tous\s+droits\s+réservés|"
    r"todos\s+los\s+derechos\s+reservados|todos\s+os\s+direitos\s+reservados|"
    r"tutti\s+i\s+diritti\s+riservati|alle\s+rechten\s+voorbehouden|wszelkie\s+prawa\s+zastrzeżone|"
    r"все\s+права\s+защищены|無断転載(?:を禁じます)?|"
    r"جميع\s+الحقوق\s+محفوظة|版权所有|may\s+not\s+be\s+(?:published,\s+broadcast|reproduced|rewritten)|"
    r"nachdruck\s+(?:nur|verboten)|"
    r"reproduction\s+interdite|prohibida\s+su\s+reproducción"
)
PICTURE_BY = (
    r"photos?|photographs?|pictures?|images?|illustrations?|foto(?:s|grafía)?|bild(?:er)?|bildquelle|"
    r"symbolbild|archivbild|crédit(?:s)?(?:\s+photos?)?|fot\.|фото|写真|"
    r"تصوير|图片来源|imagem|immagine|beeld|video|credit|photo\s+credit|image\s+credit|image\s+source|cr[ée]dito"
)
NEWSLETTER_SIGNS = (
    r"newsletters?|inbox|e-?mail\s+address|unsubscribe|no\s+spam|sign\s+up|subscri(?:be|bing|ption)|"
    r"mailing\s+list|morning\s+letter|daily\s+(?:briefing|digest|email)|"
    r"postfach|abmeld\w+|kostenlos\w*|abonn(?:ieren|ez(?:-vous)?|ement)|anmelden|désinscription|inscrivez|"
    r"lettre\s+d['’]information|boletín|darte\s+de\s+baja|"
    r"suscr[íi]b\w+|cancelar|assin(?:e|ar)|inscreva|iscriviti|aanmelden|nieuwsbrief|zapisz\s+się|zrezygnować|"
    r"prenumerat\w+|подпи(?:шитесь|ска|сывайтесь)|рассылк\w+|"
    r"登録|ニュースレター|購読|نشرت\w*|اشترك|بريدك|terms\s+(?:of\s+(?:use|service)|and\s+conditions)|"
    r"privacy\s+(?:policy|notice)|free\s+trial|first\s+month|"
    r"erste\s+monat|premier\s+mois|primer\s+mes|primeiro\s+mês|pierwszy\s+miesiąc|первый\s+месяц|初月|"
    r"الشهر\s+الأول|weiterlesen|lire\s+la\s+suite|seguir\s+leyendo|"
    r"continuar\s+a\s+ler|czytać\s+dalej|читать\s+дальше|続きを読む|متابعة\s+القراءة|كل\s+يوم|in\s+your\s+mailbox|"
    r"stories\s+(?:like\s+this|delivered)|delivered\s+to\s+you"
)
IMPERATIVES = (
    r"sign\s+up|subscribe|register|get|receive|join|enter|stay|want|like\s+(?:this|what)|enjoy(?:ed|ing)?|love|"
    r"thanks\s+for\s+reading|already|create|log\s*in|become|support|"
    r"this\s+(?:article|story|post|content)\s+is\s+(?:for|available|only)|to\s+(?:continue|read|keep)|"
    r"you(?:['’]ve|\s+have)\s+(?:reached|read)|"
    r"der\s+newsletter|jetzt|melden|abonnieren|newsletter|sie\s+(?:wollen|möchten)|recevez|abonnez|inscrivez|"
    r"recib[ea]|suscr[íi]b\w+|receba|assine|inscreva|iscriviti|ricevi|"
    r"ontvang|meld|zapisz|wykup|подпи(?:шитесь|сывайтесь)|оформите|получайте|毎朝|続きを|اشترك"
)
FOLLOW = (
    r"folge[nt]?\s+(?:sie\s+)?uns|suivez[\s-]nous|síguenos|siga-?nos|seguici|"
    r"volg\s+ons|śledź\s+nas|подписывайтесь\s+на\s+нас|تابعنا|フォローする|关注我们"
)
COOKIES = (
    r"(?:we|this\s+(?:web)?site|our\s+(?:web)?site)\s+(?:and\s+[^.]{1,60}\s+)?uses?\s+cookies|"
    r"wir\s+verwenden\s+cookies|nous\s+utilisons\s+des\s+cookies|"
    r"(?:utilizamos|usamos)\s+cookies|używamy\s+plików\s+cookie|мы\s+используем\s+(?:файлы\s+)?cookie|"
    r"当サイトでは[^。]*クッキー|نستخدم\s+ملفات\s+تعريف"
)
