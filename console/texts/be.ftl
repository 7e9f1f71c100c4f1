### Texts of the console and of the exercise director's page, Belarusian. Codes are those of the wire and of the view.

waiting = Чаканне вузла …
close = Закрыць
exercise = ВУЧЭННІ
clock-rate = гадзіннік × { $rate }
clock-paused = гадзіннік спынены
never = ніколі
weekday-0 = нд
weekday-1 = пн
weekday-2 = аў
weekday-3 = ср
weekday-4 = чц
weekday-5 = пт
weekday-6 = сб
unit-seconds = { $value } с
unit-minutes = { $value } хв
unit-hours = { $value } г

## Top bar

due-none = Нічога не патрабуецца
due-us = За намі: { $what }
due-us-to = За намі: { $what } → { $partner }
due-partner = За { $partner }: { $what }
link-live = у рэальным часе
link-paused = у рэальным часе, гадзіннік спынены
link-stale = КАРЦІНА САСТАРЭЛА НА { $seconds } с
link-lost = НЯМА СУВЯЗІ З ВУЗЛОМ, { $seconds } с
top-report = Паведаміць аб назіранні
top-theme = Цёмны або светлы
top-help = Клавішы
top-language = Мова

## Queue

queue-title = Інцыдэнты
queue-empty = Адкрытых інцыдэнтаў няма.
queue-more = і яшчэ { $count }
queue-show-closed = Паказаць завершаныя ({ $count })
queue-hide-closed = Схаваць завершаныя
incident-phase-open = адкрыты
incident-phase-closing = завяршаецца
incident-phase-closed = завершаны
no-crossing = у бліжэйшыя 60 хв перасячэнне граніцы не прагназуецца
window = 10–90 %: { $window } · { $at } · на { $stretch }
overdue = ПРАТЭРМІНАВАНА
owner-us = За намі:
owner-partner = За { $partner }:
escalated = → { $step }
warnings-proposed = { $count ->
    [one] { $count } папярэджанне чакае рашэння
    [few] { $count } папярэджанні чакаюць рашэння
   *[many] { $count } папярэджанняў чакаюць рашэння
}

## Map

map-mine = Мая карціна
map-theirs = Што бачыць { $partner }
map-fit = Паказаць інцыдэнт
sees-title = Што бачаць яны
sees-mine = толькі мая
sees-sum = { $partner }: перадаецца { $released }, утрымана { $held }
sees-released = перадаецца
sees-held = утрымана
sees-same = як у маёй карціне
legend-own = свой суправаджаны аб’ект
legend-received = атрыманы ад партнёра
legend-fused = аб’яднаны, некалькі назіральнікаў
legend-search = страчаны: раён пошуку 90 %
legend-stretch = участак перасячэння 80 %
legend-district = раён на шляху
track-held = Лічыцца
track-kind = Суправаджаны аб’ект
track-place = Месцазнаходжанне
track-motion = Рух
track-sure = Эліпс
track-age = Апошняе данясенне
track-sources = { $count ->
    [one] { $count } крыніца
    [few] { $count } крыніцы
   *[many] { $count } крыніц
}
track-open = Адкрыць інцыдэнт
track-status = Задаць статус
kind-own = свой ({ $observer })
kind-received = атрыманы, { $observer }
kind-fused = аб’яднаны: { $parts }
field-position = месцазнаходжанне
field-position-wgs84 = месцазнаходжанне
field-accuracy-m = дакладнасць
field-altitude-m = вышыня
field-altitude = вышыня
field-course-deg = курс
field-course = курс
field-speed-kmh = хуткасць
field-speed = хуткасць
field-status = статус
field-time = час
field-at = месцазнаходжанне
field-sources = крыніцы
field-track = увесь аб’ект
field-track-id = нумар аб’екта
field-reports = колькасць данясенняў
field-covariance = эліпс
field-trail = след
field-forecast = прагноз
field-crossing = перасячэнне граніцы
field-districts = раёны
field-observed-ms = час назірання
field-search-radius-m = раён пошуку
field-answer = адказ па сутнасці
field-outcome = чым скончылася
field-objects = колькасць аб’ектаў
field-until-ms = чаканае заканчэнне
field-floor-m = ніжняя мяжа
field-ceiling-m = верхняя мяжа
field-object = аб’ект
field-find = знаходка, да якой адносіцца
life-tentative = папярэдні
life-live = суправаджаецца
life-lost = СТРАЧАНЫ
life-ended = скончаны

## Incident

incident-none = Інцыдэнт не выбраны.
incident-opened = адкрыты { $at }, падстава: { $by }
incident-aliases = таксама { $ids }
opened-forecast = прагноз
opened-crossing = перасячэнне граніцы
opened-notice = апавяшчэнне партнёра
opened-partner = апавяшчэнне партнёра
opened-person = чалавек
thread-none = Пакуль ні ў адным канале.
thread-at-home = у нас
thread-state = { $partner }: { $state }
unread = непрачытанае паведамленне
says-all = Поўны змест
unofficial = неафіцыйна
serial = № { $serial }
in-reply-to = на { $serial }
rule-title = Правіла, якое гэта дазволіла
received = атрымана
read = прачытана
answered = адказана
not-received = не атрымана
not-read = не прачытана
not-answered = няма адказу
gist-lost = суправаджэнне страчана, шукаць у радыусе { $radius }
act-ack = Пацвердзіць
act-reply = Адказаць
act-query = Запытаць
act-notice = Апавясціць
act-close = Завяршыць
act-agree-close = Згадзіцца завяршыць
act-disagree-close = Не згадзіцца
act-close-alone = Завяршыць адным

## Warnings

warnings-title = Папярэджанні насельніцтву
warning-issue = Выпусціць …
warning-proposed = прапанавана { $at }
warning-issued = выпушчана { $at }
warning-ended = скончана { $at }
warning-impact = там праз { $left }
warning-here = ужо там

## Forms

form-reply = Адказ: { $partner }
form-query = Запыт: { $partner }
form-query-asks = Гэты аб’ект ваш або вядомы вам?
form-notice = Апавяшчэнне: { $partner }
form-close = Завяршэнне: { $partner }
form-agree = Згода завяршыць з { $partner }: { $outcome }
form-disagree = Завяршэнне, але не так, як кажа { $partner }: { $outcome }
form-alone = Завяршэнне без { $partner }
form-home = Завяршыць інцыдэнт
form-alone-asks = Нічога не адпраўляецца. У запісе застанецца, што больш ніхто не згадзіўся.
form-warning = { $level }: { $district }
form-warning-asks = Папярэджанне адразу ідзе ў адказны орган.
form-open = Адкрыць інцыдэнт: { $track }
form-open-asks = Пачнецца адлік тэрмінаў працэдуры, каналы могуць быць апавешчаны.
form-status = Статус: { $track }
form-remark = Неафіцыйная заўвага (неабавязкова)
form-send = Адправіць
form-issue = Выпусціць зараз
form-sending = Адпраўляецца …
form-cancel = Скасаваць
preview-title = { $partner } прачытае
preview-held = Нічога не было б перададзена: { $rule }
preview-hidden = Утрымана або менш дакладна:
preview-missing = Форма патрабуе яшчэ: { $members }
message-missing = няпоўна, няма: { $members }
preview-type = Форма
preview-rule = Дазваляе
say-object = Аб’ект
say-object-n = Аб’ект { $number }
say-place = Месца
say-crossing = Перасячэнне граніцы
say-districts = Раёны
say-phase = Этап
say-question = Пытанне
say-answer = Адказ
say-outcome = Вынік
say-objects = Аб’екты
say-first-observed-ms = Упершыню назіралася
say-last-observed-ms = Апошні раз
say-agrees = Завяршэнне
say-role = Прачытаў
say-search-centre = Шукаць вакол
say-search-radius-m = Радыус пошуку
say-number = Нумар
say-text = Заўвага
said-nothing-to-read = Непрачытаных паведамленняў няма.
said-no-warning = Няма папярэджанняў, якія чакаюць рашэння.
said-read = № { $serial } адзначана прачытаным
said-test = Праверка сувязі адпраўлена, { $channel }
said-done = Зроблена: { $what }
said-report = Данясенне прынята

## Lines and feeds

line-up = працуе
line-amber = праверка прапушчана
line-down = не працуе
line-dormant = не выкарыстоўваецца
line-stopped = спынены
line-voice = голасам
line-lone = толькі голасам і на паперы
line-queued = чакае: { $count }
line-channel = Канал
line-state = Стан
line-contact = Апошні кантакт
line-tested = Апошняя праверка
line-sent = Адпраўлена
line-receipted = Атрыманне пацверджана
line-waiting = Чакае
line-got = Атрымана
line-refusals = Адхілена
line-contradicts = { $partner } супярэчыць сабе
contradiction-means = Падпісанае партнёрам не сыходзіцца з падпісаным ім раней. Доказ захаваны; тое, што сыходзіцца, прымаецца. Захавайце доказ, паведаміце юрысту, спытайце партнёра голасам.
contradiction-size = паведамленняў: { $size }
contradiction-serial = парадкавы нумар { $serial }
contradiction-save = Захаваць доказ
contradiction-see = Я бачыў
contradiction-seen = прагледжана { $at }
contradiction-cleared = знята { $at }
contradiction-forked = Два розныя журналы аднаго памеру
contradiction-rewritten = Два паведамленні пад адным нумарам
contradiction-misplaced = Паведамленне з іншага месца
contradiction-back-dated = Датавана раней за ўласнае папярэдняе паведамленне
contradiction-continued = Працягнуў журнал, які сам скончыў
contradiction-wrong-opening = Адкрыў журнал не так, як скончыў папярэдні
contradiction-future-dated = Датавана будучыняй
contradiction-shrunken = Журнал карацейшы за падпісаны раней
contradiction-unproven = Журнал не вынікае з падпісанага раней
said-seen = Адзначана: прагледжана
line-witnessed = Засведчана
line-witnessed-upto = { $size } (патрабуецца { $required })
line-no-witness = трэцяга боку няма
line-link = Злучэнне
line-strangers = Адхіленыя звароты не ад партнёраў: { $counts }
link-refused = адхілена: { $counts }
next-keys-confirmed = наступныя ключы пацверджаны: redshank rotate
next-keys-awaited = партнёр скончыў свой журнал: зверце яго новыя ключы, інакш яго паведамленні чакаюць
link-own-ends = наш сертыфікат сканчаецца { $day }
link-partner-ends = сертыфікат партнёра сканчаецца { $day }
line-test = Праверыць зараз
line-record = Выгрузіць запіс
line-compliance = Выкананне
feeds-title = Крыніцы
feeds-sum = { $count } (маўчыць { $late })
feeds-refused = адхілена { $count }
feed-source = Крыніца
feed-last = Апошняе данясенне
feed-accepted = Прынята
feed-refused = Адхілена
panel-lines = Лініі
panel-feeds = Крыніцы
panel-report = Паведаміць аб назіранні
panel-help = Клавішы
panel-voice = Увесці паведамленне, прынятае голасам
panel-readout = Зачытаць паведамленне
panel-release = Што чакае органа, які дазваляе
panel-shift = Змена

## By voice

voice-read = зачытаць
voice-key-in = Увесці …
voice-channel = Канал
voice-count = Абвешчана груп
voice-groups = Групы
voice-remark = Хто гаварыў, па якой лініі
voice-take = Прыняць
voice-taken = { $type } { $serial } голасам запісана
voice-hint = Уводзьце групы, як чуеце. Кожны радок з васьмі груп правяраецца ў канцы. Ведайце, чый гэта голас: праверка знаходзіць памылкі, але нікога не сведчыць.
voice-again = Перапытайце: { $what }
voice-fault-symbol = адзін знак групы { $places }
voice-fault-order = парадак знакаў групы { $places }
voice-fault-swapped = групы { $places } перастаўлены
voice-fault-row = радок груп { $places }
voice-fault-exercise = групы { $places }: вучэбны бланк у рэальнай рабоце або рэальны на вучэннях
voice-says = Змест
voice-unspoken = Не зачытваецца
voice-say-first = Спачатку скажыце: «{ $opening }». Потым кожную групу знак за знакам, без яе нумара. { $seconds } с.
voice-check = кантроль
voice-noted-out = Зачытана
voice-noted-back = Паўторана правільна
voice-print = Друк (PDF)
voice-said-out = Адзначана: { $serial } зачытана
voice-said-back = Адзначана: { $serial } паўторана
voice-statements = Сказана голасам
voice-said = голасам сказана
voice-signed = падпісана
voice-heard = голасам, яшчэ не падпісана
voice-confirmed = пачута голасам, пацверджана
voice-differs = голасам сказана іначай
voice-withdrawn = голасам; падпісана іншае паведамленне
voice-unsigned = голасам, не падпісваецца
lone-title = { $partner }: толькі голасам і на паперы
lone-means = У { $partner } няма вузла і ключоў. Сказанае тут падпісваецца ў вашым журнале і павінна быць зачытана або ўручана на паперы. Нічога са сказанага { $partner } не падпісана: уводзьце, ведайце, чый гэта голас, захоўвайце паперу.
lone-thread = { $partner }: сувязь толькі голасам і на паперы; нічога са сказанага там не падпісана
by-voice-title = { $partner }: голасам, пакуль лінія не працуе
by-voice-means = Адрас вузла не зададзены. Зачытайце гэтыя паведамленні; яны будуць дастаўлены, калі з’явіцца лінія.
to-read-count = зачытаць: { $count }
to-read-by = зачытаць да { $at }
to-read-back = зачытана { $at }, не паўторана
to-read-none = Усё зачытана і паўторана або адказана.
not-heard = { $partner } выкарыстаў гэтыя нумары, і тут ніхто не чуў, што было сказана: { $serials }. Запытайце іх.
not-read-out = не зачытана
no-receipts = не можа быць
voice-not-driven = працэдура не зрабіла кроку
standing-unsigned = не падпісваецца: у партнёра няма ключоў
standing-waiting = чакае падпісанага паведамлення
standing-confirmed = пацверджана
standing-differs = АДРОЗНІВАЕЦЦА: сапраўднае падпісанае паведамленне
read-out = зачытана
read-back = паўторана
said-nothing-sent = Тут няма нашых паведамленняў для зачытвання

## A person's report

report-says = Заўважана, напрыклад: 3 км на поўнач ад Шумска, ляціць на захад.
report-reporter = Хто бачыў
report-minutes = Колькі хвілін таму
report-distance = Адлегласць, км
report-direction = Кірунак ад месца
report-reference = Месца
report-heading = Куды ляціць
report-speed = Хуткасць
report-height = Вышыня
report-what = Што
report-count = Колькі
report-remark = Заўвага (неафіцыйная)
report-unknown = невядома
report-send = Перадаць
reporter-border-guard = пагранічнік
reporter-police = паліцыя, міліцыя
reporter-resident = жыхар
reporter-acoustic = акустычны датчык
reporter-officer = афіцэр
speed-hovering = завісае
speed-slow = павольна (як машына ў горадзе)
speed-medium = сярэдне (як лёгкі самалёт)
speed-fast = хутка (як рэактыўны самалёт)
height-treetop = верхавіны дрэў
height-low = нізка
height-medium = сярэдне
height-high = высока
wind-n = поўнач
wind-nne = паўночны паўночны ўсход
wind-ne = паўночны ўсход
wind-ene = усходні паўночны ўсход
wind-e = усход
wind-ese = усходні паўднёвы ўсход
wind-se = паўднёвы ўсход
wind-sse = паўднёвы паўднёвы ўсход
wind-s = поўдзень
wind-ssw = паўднёвы паўднёвы захад
wind-sw = паўднёвы захад
wind-wsw = заходні паўднёвы захад
wind-w = захад
wind-wnw = заходні паўночны захад
wind-nw = паўночны захад
wind-nnw = паўночны паўночны захад

reason-no-answer = Вузел не адказаў
stale = старая навіна, у дарозе { $age }

## Keys

help-digits = выбраць інцыдэнт або адказ адкрытай формы
help-arrows = наступны або папярэдні інцыдэнт
help-warning = наступнае папярэджанне, якое чакае рашэння
help-escape = скасаваць, закрыць, назад

## Coming in

enter-log-in = Увайдзіце ў гэты вузел.
enter-enrol = { $name }, па гэтай спасылцы вы можаце адзін раз зарэгістравацца як «{ $person }». Выберыце, як будзеце ўваходзіць надалей.
enter-passkey = Ключ доступу
enter-passkey-means = Ключ на гэтым камп’ютары, тэлефоне або носьбіце, адкрываецца пальцам або кодам. Нічога не трэба памятаць, і ніякая старонка яго не выманіць.
enter-make-passkey = Стварыць ключ доступу
enter-use-passkey = Увайсці з ключом доступу
enter-no-passkeys = Ключы доступу звязаны з імем: адкрыйце пульт па імені, а не па нумары.
enter-code = Пароль і код
enter-make-code = Выбраць пароль і коды
enter-code-key = Ключ для вашай праграмы кодаў:
enter-code-open = адкрыць на гэтай прыладзе
enter-your-person = Хто вы
enter-your-password = Пароль
enter-your-code = Код
enter-code-means = Пароль мае не менш за 12 знакаў; код зараз паказвае праграма.
enter-finish = Зарэгістравацца
enter-go = Увайсці
enter-national = Дзяржаўны ўваход
enter-use-national = Увайсці там
enter-lost = Згубілі ключ або тэлефон? Адміністратар дазволіць зарэгістравацца нанова.

## People, release, shift

top-no-shift = На змене нікога
top-leave = Выйсці
preview-asks = Правіла пытаецца ў органа, які дазваляе (асоб: { $persons }): паведамленне чакае, пакуль будзе сказана «так».
release-none = Нічога не чакае.
release-ended = Адказана або не своечасова
release-policy = Дзейная палітыка: { $name }, правілаў: { $rules },
release-since = з { $at },
release-why = Правіла { $rule } пытаецца; асоб: { $persons }.
release-reasons = Чаму гэта правіла: правілы па чарзе
release-yes = Сказана «так»: { $given }
release-observed = Назіралася
release-approve = Так, выпусціць
release-refuse = Не
release-no-why = Чаму не (неабавязкова)
release-waits = Адказваць можа толькі орган, які дазваляе.
said-approved = Пытанне { $number }: ваша «так» запісана
said-refused = Пытанне { $number }: ваша «не» запісана
held-waiting = чакае
held-sent = адпраўлена
held-refused = адмоўлена
held-lapsed = ніхто своечасова не сказаў «так»
held-replaced = спытана нанова
held-withdrawn = больш не пытаецца
shift-nobody = На змене нікога.
shift-take = Прыняць змену
shift-since = на змене з { $at }
shift-taken-over = узята без перадачы
shift-offer = Прапанаваць змену наступнаму афіцэру
shift-offered = { $person } прапануе яе з { $at } і адказвае, пакуль усё гэта не прынята:
shift-next = { $person } прымае.
shift-home = дома
shift-accept = Прыняць
shift-accept-all = Прыняць усё ({ $count }) і ўзяць змену
shift-why = Чаму без перадачы
shift-take-over = Узяць без перадачы
said-shift-taken = Вы на змене
said-shift-offered = Змена прапанавана
said-shift-accepted = Прынята

## The exercise director's page

director-title = Кіраўнік вучэнняў
director-waiting = Чаканне сервера кіраўніка …
director-lost = НЯМА СУВЯЗІ, { $seconds } с
director-phase-choosing = выберыце ноч
director-phase-starting = запускаецца
director-phase-running = ідзе
director-phase-paused = прыпынена
director-phase-finished = скончана
director-phase-failed = не ўдалося
director-choose = Якая ноч?
director-documented = Дакументавана
director-invented = Выдумана
director-objects = { $count ->
    [one] { $count } аб’ект
    [few] { $count } аб’екты
   *[many] { $count } аб’ектаў
}
director-speed = Хуткасць
director-seats = Дзе сядзіць чалавек (інакш робат)
director-start = Пачаць
director-pause = Прыпыніць
director-resume = Працягнуць
director-again = Іншая ноч …
director-nodes = Вузлы
director-console = пульт
director-authority = дазвол
director-up = працуе
director-down = НЕ ПРАЦУЕ
director-counts = адкрыта { $incidents }, суправаджаецца { $tracks }
director-shows = Паказаць
director-truth = праўда
director-false = ілжывы аб’ект
director-events = Ход падзей
seat-robot = робат
seat-person = чалавек
ticker-truth = праўда
ticker-notice = апавяшчэнне
ticker-warning = папярэджанне
ticker-procedure = працэдура
ticker-fault = няспраўнасць
ticker-seat = месца
ended-impact = падзенне
ended-found = знойдзены
ended-left = пакінуў раён
ended-shot-down = збіты
ended-ended = скончана
score-object = Аб’ект
score-place = Дзе
score-noticed = Апавешчана
score-crossed = Перасек граніцу
score-notice-lead = Апярэджанне апавяшчэння
score-warned = Прапанавана папярэдзіць
score-impact = Падзенне
score-warning-lead = Апярэджанне папярэджання
score-documented = Што было насамрэч
score-none = Вынік запаўняецца па ходзе ночы.

## The report of compliance and reciprocity (compliance.html)

compliance-title = Выкананне і ўзаемнасць
compliance-channel = Канал
compliance-from = З (UTC)
compliance-until = Да (UTC)
compliance-last-day = апошнія 24 гадзіны
compliance-last-week = апошнія 7 дзён
compliance-this-month = гэты месяц
compliance-last-month = мінулы месяц
compliance-ever = з самага пачатку
compliance-show = Паказаць
compliance-working = Ідзе разлік …
compliance-bad-time = Час пішыце так: 2026-05-07 01:00
compliance-save = Захаваць як
compliance-json-means = Файл JSON абодва бакі разлічваюць аднолькава: зверце свой з файлам партнёра.
compliance-not-sent = Што не адпраўлена і па якім правіле: redshank release audit на гэтым вузле.
compliance-refused = Справаздачы няма: { $why }
compliance-back = Пульт

## The life of an agreement

line-suspended = прыпынены
line-ended = спынены
type-agreement-suspended = Пагадненне прыпынена
type-agreement-resumed = Пагадненне зноў дзейнічае
type-agreement-ended = Пагадненне спынена
agreement-dormant = не выкарыстоўваецца: толькі праверкі сувязі
agreement-active = дзейнічае
agreement-suspended = прыпынена: аб інцыдэнтах нічога не гаворыцца
agreement-ended = спынена: адкрытае трэба завяршыць
agreement-kind-exercise = вучэбнае
agreement-kind-bilateral = двухбаковае
agreement-by-file = толькі па файле
agreement-text = Тэкст { $text }, { $kind }.
agreement-suspended-by = Прыпыніў бок { $party }, і толькі ён можа аднавіць.
agreement-partner-waits = { $partner } увёў у дзеянне { $text }; мы не.
agreement-since = Стаіць з { $at }.
agreement-differs = Два тэксты: мы ўвялі { $own }, партнёр { $partner }. Праз гэта нічога не дзейнічае.
agreement-review = Тэрмін перагляду мінуў: бакі павінны яго правесці.
agreement-file = У нашым файле іншы тэкст ({ $own }); { $text } дзейнічае, пакуль абодва бакі не ўвядуць новы.
agreement-waiting = Паведамленняў партнёра, што прыйшлі падчас нашага прыпынення: { $count }. Яны захаваны, па іх не дзейнічаюць.
agreement-ends = Сканчаецца { $at } UTC.
agreement-voice = толькі голасам
agreement-again = Націсніце яшчэ раз на працягу пяці секунд для пацвярджэння
agreement-confirm = Націсніце яшчэ раз: { $act }
agreement-do-activate = Увесці ў дзеянне
agreement-do-suspend = Прыпыніць
agreement-do-resume = Аднавіць
agreement-do-end = Спыніць
agreement-done = { $act }: { $channel }
effect-waits = другі бок не далучыўся
effect-other-text = іншы тэкст: не ўводзіцца
effect-too-late = са скончанага перыяду
effect-by-voice = чакае падпісанага паведамлення
why-ordered = распараджэнне
why-technical = тэхнічная
why-keys-in-doubt = ключы пад сумненнем
why-misuse = няправільнае выкарыстанне
why-no-reason-given = прычына не названа
why-expired = тэрмін скончыўся
why-replaced = заменена
why-breach = парушэнне
why-withdrawn = адклікана
## Fields of statements of our own doing and findings

field-from-ms = з (UTC)
field-radius-m = радыус, м
field-found-ms = знойдзена (UTC)
field-bytes = памер, байты
field-obtained-ms = атрымана (UTC)
field-lat = шырата
field-lon = даўгата
