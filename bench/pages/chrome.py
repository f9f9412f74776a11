"""What stands around a story on a page: labels in nine languages, teasers, comments, notices. All invented."""

from html import escape as e

from stories import Block, Story

KEYS = [
    "menu",
    "related",
    "read",
    "share",
    "tags",
    "comments",
    "reply",
    "newsletter",
    "follow",
    "by",
    "published",
    "cookie",
    "bio",
    "copyright",
    "subscribe",
    "advert",
    "photo",
]
LABELS = {
    "en": (
        "Home|News|Opinion|Sport|Culture|Weather|Jobs|Archive",
        "Related articles",
        "Read also",
        "Share this article",
        "Tags",
        "Comments",
        "Leave a reply",
        "Get the morning letter in your inbox every day. No spam, unsubscribe whenever you like.",
        "Follow us on Facebook and Instagram",
        "By",
        "Published",
        "We use cookies to improve your experience. By continuing to browse you agree to our cookie policy.",
        "is a reporter at this paper. Before that she worked for ten years on the docks and has never lost the habit of getting up early.",
        "All rights reserved. No part of this site may be reproduced without permission.",
        "Subscribe now to support local journalism. Your first month costs one crown.",
        "Advertisement",
        "Photo",
    ),
    "de": (
        "Startseite|Politik|Wirtschaft|Kultur|Sport|Wetter|Abo|Archiv",
        "Das könnte Sie auch interessieren",
        "Lesen Sie auch",
        "Artikel teilen",
        "Schlagwörter",
        "Kommentare",
        "Antworten",
        "Der Newsletter am Morgen: jeden Tag das Wichtigste in Ihrem Postfach. Abmeldung jederzeit möglich.",
        "Folgen Sie uns auf Facebook und Instagram",
        "Von",
        "Veröffentlicht",
        "Wir verwenden Cookies, um unsere Seite zu verbessern. Mit der Nutzung stimmen Sie dem zu.",
        "ist Redakteurin im Ressort Lokales. Sie hat in Kiel studiert und schreibt am liebsten über Dinge, die stehen bleiben.",
        "Alle Rechte vorbehalten. Nachdruck nur mit Genehmigung des Verlags.",
        "Jetzt Abo abschließen und weiterlesen: der erste Monat kostet nur einen Euro.",
        "Anzeige",
        "Foto",
    ),
    "fr": (
        "Accueil|Politique|Société|Culture|Sport|Météo|Abonnement|Archives",
        "À lire aussi",
        "Lire aussi",
        "Partager cet article",
        "Mots-clés",
        "Commentaires",
        "Répondre",
        "Recevez chaque matin notre lettre d'information. Désinscription en un clic.",
        "Suivez-nous sur Facebook et Instagram",
        "Par",
        "Publié le",
        "Nous utilisons des cookies pour améliorer votre expérience. En poursuivant, vous acceptez leur usage.",
        "est journaliste à la rédaction locale. Elle couvre le littoral depuis douze ans et ne sait toujours pas nager.",
        "Tous droits réservés. Reproduction interdite sans autorisation.",
        "Abonnez-vous pour lire la suite : premier mois à un euro.",
        "Publicité",
        "Photo",
    ),
    "es": (
        "Portada|Política|Economía|Cultura|Deportes|El tiempo|Suscripción|Hemeroteca",
        "Te puede interesar",
        "Lee también",
        "Compartir artículo",
        "Etiquetas",
        "Comentarios",
        "Responder",
        "Recibe cada mañana nuestro boletín de noticias. Puedes darte de baja cuando quieras.",
        "Síguenos en Facebook e Instagram",
        "Por",
        "Publicado",
        "Utilizamos cookies para mejorar su experiencia. Si continúa navegando, acepta su uso.",
        "es redactora de local. Antes trabajó en la radio, donde aprendió a callarse a tiempo.",
        "Todos los derechos reservados. Prohibida su reproducción sin permiso.",
        "Suscríbete para seguir leyendo: el primer mes, un euro.",
        "Publicidad",
        "Foto",
    ),
    "pt": (
        "Início|Política|Economia|Cultura|Desporto|Tempo|Assinatura|Arquivo",
        "Artigos relacionados",
        "Leia também",
        "Partilhar este artigo",
        "Etiquetas",
        "Comentários",
        "Responder",
        "Receba todas as manhãs a nossa newsletter. Pode cancelar quando quiser.",
        "Siga-nos no Facebook e no Instagram",
        "Por",
        "Publicado em",
        "Utilizamos cookies para melhorar a sua experiência. Ao continuar, aceita a sua utilização.",
        "é jornalista da secção local. Escreve sobre o rio desde que a casa dele lá caiu.",
        "Todos os direitos reservados. Proibida a reprodução sem autorização.",
        "Assine para continuar a ler: primeiro mês por um euro.",
        "Publicidade",
        "Foto",
    ),
    "ja": (
        "ホーム|政治|経済|文化|スポーツ|天気|購読|過去記事",
        "関連記事",
        "あわせて読みたい",
        "この記事をシェア",
        "タグ",
        "コメント",
        "返信",
        "毎朝のニュースレターを無料でお届けします。登録はこちら。",
        "フェイスブックとツイッターでフォローする",
        "文",
        "公開日",
        "当サイトではサービス向上のためクッキーを使用しています。閲覧を続けることで同意したものとみなします。",
        "本紙記者。港を担当して十二年になり、船酔いはまだ治らない。",
        "無断転載を禁じます。すべての著作権は本紙に帰属します。",
        "続きを読むには購読登録が必要です。初月は百円。",
        "広告",
        "写真",
    ),
    "ar": (
        "الرئيسية|سياسة|اقتصاد|ثقافة|رياضة|الطقس|اشتراك|أرشيف",
        "مقالات ذات صلة",
        "اقرأ أيضا",
        "شارك المقال",
        "وسوم",
        "التعليقات",
        "رد",
        "اشترك في نشرتنا الصباحية لتصلك أهم الأخبار كل يوم على بريدك.",
        "تابعنا على فيسبوك وتويتر",
        "بقلم",
        "نشر في",
        "نستخدم ملفات تعريف الارتباط لتحسين تجربتك. باستمرارك في التصفح فإنك توافق على استخدامها.",
        "صحفية في القسم المحلي تكتب عن الأسواق منذ عشر سنوات.",
        "جميع الحقوق محفوظة. يمنع النسخ دون إذن مسبق.",
        "اشترك الآن لمتابعة القراءة، الشهر الأول بدولار واحد.",
        "إعلان",
        "تصوير",
    ),
    "pl": (
        "Strona główna|Polityka|Gospodarka|Kultura|Sport|Pogoda|Prenumerata|Archiwum",
        "Zobacz także",
        "Czytaj także",
        "Udostępnij artykuł",
        "Tagi",
        "Komentarze",
        "Odpowiedz",
        "Zapisz się na poranny newsletter. Możesz zrezygnować w każdej chwili.",
        "Śledź nas na Facebooku i Instagramie",
        "Autor:",
        "Opublikowano",
        "Używamy plików cookie, aby ulepszyć działanie serwisu. Korzystając ze strony, zgadzasz się na ich użycie.",
        "jest dziennikarką działu miejskiego i od dziewięciu lat pisze o mostach.",
        "Wszelkie prawa zastrzeżone. Kopiowanie bez zgody zabronione.",
        "Wykup prenumeratę, aby czytać dalej: pierwszy miesiąc za złotówkę.",
        "Reklama",
        "Fot.",
    ),
    "ru": (
        "Главная|Политика|Экономика|Культура|Спорт|Погода|Подписка|Архив",
        "Читайте также",
        "Читайте также",
        "Поделиться",
        "Теги",
        "Комментарии",
        "Ответить",
        "Подпишитесь на утреннюю рассылку и получайте главное каждый день.",
        "Подписывайтесь на нас в Телеграме и ВКонтакте",
        "Автор:",
        "Опубликовано",
        "Мы используем файлы cookie, чтобы сайт работал лучше. Продолжая, вы соглашаетесь с этим.",
        "корреспондент городского отдела, пишет о почте с детства.",
        "Все права защищены. Перепечатка только с разрешения редакции.",
        "Оформите подписку, чтобы читать дальше: первый месяц за рубль.",
        "Реклама",
        "Фото",
    ),
}
TEASERS = (
    (
        "Ferry timetable changes from Monday",
        "Boats to the islands will leave ten minutes earlier from Monday, so that the last of them can still be missed by the usual people, the company announced in a note on its pier.",
    ),
    (
        "Choir seeks basses, will accept baritones",
        "The harbour choir has lost four basses to a rival choir with a heated hall. It rehearses on Wednesdays in the net loft and promises tea to anybody who can hold a low F for eight bars.",
    ),
    (
        "Mayor opens bridge, closes it again",
        "A ceremony on the new footbridge ended early on Saturday when the railings, which had been painted the day before, came away on the gloves of the guests of honour.",
    ),
    (
        "Herring late for the third year",
        "Fishermen between Skarn and Melby report that the herring have not come in the second week of May, as they used to, for the third year in a row. Nobody wants to say why.",
    ),
    (
        "School wins prize for its weather station",
        "Pupils of the school at Tarn built a weather station out of a bicycle and two colanders. It has been right on more days than the official one, the jury found after ninety days.",
    ),
    (
        "Opinion: leave the cobbles alone",
        "Every ten years somebody proposes to replace the cobbles by asphalt, and every ten years somebody's grandmother must explain to them what cobbles are for in winter.",
    ),
)
COMMENTS = (
    (
        "skipper61",
        "I worked on her sister ship for nine years and I can tell you that nothing in this town was ever built without somebody first saying that it could not be paid for. Well done to all of them.",
    ),
    (
        "Anna T.",
        "With all respect, I think the money would be better spent on the roof of the swimming hall, which has been leaking since my daughter learned to swim, and she has children now.",
    ),
    (
        "no_more_trams",
        "Typical. Nobody asked us who live there. I wrote three letters and got back a leaflet with a photograph of a duck on it.",
    ),
    (
        "Pilar",
        "Thank you for this article, it made my morning. My father used to say the same thing about his old lorry, that it was waiting and not broken, and he was right in the end.",
    ),
    (
        "r.h.",
        "Does anybody know whether dogs are allowed? The page of the council does not say, and when I rang them they asked me what kind of dog.",
    ),
)


def word(story: Story, key: str) -> str:
    return LABELS[story.language][KEYS.index(key)]


def menu(story: Story, tag: str = "li") -> str:
    return "".join(
        f'<{tag}><a href="/{n}">{e(name)}</a></{tag}>' for n, name in enumerate(word(story, "menu").split("|"))
    )


def teasers(
    start: int = 0,
    count: int = 3,
    form: str = '<div class="card"><h3><a href="/t/{n}">{title}</a></h3><p>{text}</p></div>',
) -> str:
    rows = [TEASERS[(start + n) % len(TEASERS)] for n in range(count)]
    return "".join(form.format(n=n, title=e(title), text=e(text)) for n, (title, text) in enumerate(rows))


def comments(
    form: str = '<li class="comment"><b>{who}</b><p>{text}</p><a href="#r">Reply</a></li>', count: int = 5
) -> str:
    return "".join(form.format(who=e(who), text=e(text)) for who, text in COMMENTS[:count])


def block(one: Block, paragraph: str = "<p>{}</p>", heading: str = "<h2>{}</h2>") -> str:
    kind, content = one
    if kind == "p":
        return paragraph.format(e(str(content)))
    if kind == "h":
        return heading.format(e(str(content)))
    if kind == "q":
        return f"<blockquote>{paragraph.format(e(str(content)))}</blockquote>"
    if kind == "pre":
        return f"<pre><code>{e(str(content))}</code></pre>"
    if kind in ("ul", "ol"):
        return f"<{kind}>{''.join(f'<li>{e(item)}</li>' for item in content)}</{kind}>"  # type: ignore[attr-defined]
    if kind == "table":
        return f"<table>{''.join('<tr>' + ''.join(f'<td>{e(cell)}</td>' for cell in row) + '</tr>' for row in content)}</table>"  # type: ignore[attr-defined]
    rows = [
        f"{paragraph.format(f'<strong>{e(question)}</strong>')}{paragraph.format(e(answer))}"
        for question, answer in content
    ]  # type: ignore[attr-defined]
    return "".join(rows)


def blocks(story: Story, between: dict[int, str] | None = None, **form: str) -> str:
    """The story's blocks, with furniture set in after the ones whose number is named."""
    made = [block(one, **form) + (between or {}).get(place, "") for place, one in enumerate(story.blocks)]
    return "\n".join(made)


def head(story: Story, site: str, extra: str = "", *, og: bool = True) -> str:
    data = (
        (
            f'<meta property="og:title" content="{e(story.title)}"><meta property="og:site_name" content="{e(site)}">'
            f'<meta property="og:description" content="{e(story.summary)}"><meta property="article:published_time" content="{story.date}">'
        )
        if og
        else ""
    )
    direction = ' dir="rtl"' if story.language == "ar" else ""
    return f'<!doctype html><html lang="{story.language}"{direction}><head><meta charset="utf-8"><title>{e(story.title)} - {e(site)}</title>{data}{extra}</head>'
