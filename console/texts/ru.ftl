### Texts of the console and of the exercise director's page, Russian. Codes are those of the wire and of the view.

waiting = Ожидание узла …
close = Закрыть
exercise = УЧЕНИЯ
clock-rate = часы × { $rate }
clock-paused = часы остановлены
never = никогда
weekday-0 = вс
weekday-1 = пн
weekday-2 = вт
weekday-3 = ср
weekday-4 = чт
weekday-5 = пт
weekday-6 = сб
unit-seconds = { $value } с
unit-minutes = { $value } мин
unit-hours = { $value } ч

## Top bar

due-none = Ничего не требуется
due-us = За нами: { $what }
due-us-to = За нами: { $what } → { $partner }
due-partner = За { $partner }: { $what }
link-live = в реальном времени
link-paused = в реальном времени, часы остановлены
link-stale = КАРТИНА УСТАРЕЛА НА { $seconds } с
link-lost = НЕТ СВЯЗИ С УЗЛОМ, { $seconds } с
top-report = Сообщить о наблюдении
top-theme = Тёмный или светлый
top-help = Клавиши
top-language = Язык

## Queue

queue-title = Инциденты
queue-empty = Открытых инцидентов нет.
queue-more = и ещё { $count }
queue-show-closed = Показать завершённые ({ $count })
queue-hide-closed = Скрыть завершённые
incident-phase-open = открыт
incident-phase-closing = завершается
incident-phase-closed = завершён
no-crossing = в ближайшие 60 мин пересечение границы не прогнозируется
window = 10–90 %: { $window } · { $at } · на { $stretch }
overdue = ПРОСРОЧЕНО
owner-us = За нами:
owner-partner = За { $partner }:
escalated = → { $step }
warnings-proposed = { $count ->
    [one] { $count } оповещение ждёт решения
    [few] { $count } оповещения ждут решения
   *[many] { $count } оповещений ждут решения
}

## Map

map-mine = Моя картина
map-theirs = Что видит { $partner }
map-fit = Показать инцидент
sees-title = Что видят они
sees-mine = только моя
sees-sum = { $partner }: передаётся { $released }, удержано { $held }
sees-released = передаётся
sees-held = удержано
sees-same = как в моей картине
legend-own = свой сопровождаемый объект
legend-received = получен от партнёра
legend-fused = объединён, несколько наблюдателей
legend-search = потерян: район поиска 90 %
legend-stretch = участок пересечения 80 %
legend-district = район на пути
track-held = Считается
track-kind = Сопровождаемый объект
track-place = Местоположение
track-motion = Движение
track-sure = Эллипс
track-age = Последнее донесение
track-sources = { $count ->
    [one] { $count } источник
    [few] { $count } источника
   *[many] { $count } источников
}
track-open = Открыть инцидент
track-status = Задать статус
kind-own = свой ({ $observer })
kind-received = получен, { $observer }
kind-fused = объединён: { $parts }
field-position = местоположение
field-position-wgs84 = местоположение
field-accuracy-m = точность
field-altitude-m = высота
field-altitude = высота
field-course-deg = курс
field-course = курс
field-speed-kmh = скорость
field-speed = скорость
field-status = статус
field-time = время
field-at = местоположение
field-sources = источники
field-track = весь объект
field-track-id = номер объекта
field-reports = число донесений
field-covariance = эллипс
field-trail = след
field-forecast = прогноз
field-crossing = пересечение границы
field-districts = районы
field-observed-ms = время наблюдения
field-search-radius-m = район поиска
field-answer = ответ по существу
field-outcome = чем закончилось
field-objects = число объектов
field-until-ms = ожидаемое окончание
field-floor-m = нижняя граница
field-ceiling-m = верхняя граница
field-object = объект
field-find = находка, к которой относится
life-tentative = предварительный
life-live = сопровождается
life-lost = ПОТЕРЯН
life-ended = закончен

## Incident

incident-none = Инцидент не выбран.
incident-opened = открыт { $at }, основание: { $by }
incident-aliases = также { $ids }
opened-forecast = прогноз
opened-crossing = пересечение границы
opened-notice = уведомление партнёра
opened-partner = уведомление партнёра
opened-person = человек
thread-none = Пока ни в одном канале.
thread-at-home = у нас
thread-state = { $partner }: { $state }
unread = непрочитанное сообщение
says-all = Полное содержание
unofficial = неофициально
serial = № { $serial }
in-reply-to = на { $serial }
rule-title = Правило, которое это разрешило
received = получено
read = прочитано
answered = отвечено
not-received = не получено
not-read = не прочитано
not-answered = нет ответа
gist-lost = сопровождение потеряно, искать в радиусе { $radius }
act-ack = Подтвердить
act-reply = Ответить
act-query = Запросить
act-notice = Уведомить
act-close = Завершить
act-agree-close = Согласиться завершить
act-disagree-close = Не согласиться
act-close-alone = Завершить одним

## Warnings

warnings-title = Оповещения населения
warning-issue = Выпустить …
warning-proposed = предложено { $at }
warning-issued = выпущено { $at }
warning-ended = окончено { $at }
warning-impact = там через { $left }
warning-here = уже там

## Forms

form-reply = Ответ: { $partner }
form-query = Запрос: { $partner }
form-query-asks = Этот объект ваш или известен вам?
form-notice = Уведомление: { $partner }
form-close = Завершение: { $partner }
form-agree = Согласие завершить с { $partner }: { $outcome }
form-disagree = Завершение, но не так, как говорит { $partner }: { $outcome }
form-alone = Завершение без { $partner }
form-home = Завершить инцидент
form-alone-asks = Ничего не отправляется. В записи останется, что больше никто не согласился.
form-warning = { $level }: { $district }
form-warning-asks = Оповещение сразу уходит в ответственный орган.
form-open = Открыть инцидент: { $track }
form-open-asks = Начнётся отсчёт сроков процедуры, каналы могут быть уведомлены.
form-status = Статус: { $track }
form-remark = Неофициальное примечание (необязательно)
form-send = Отправить
form-issue = Выпустить сейчас
form-sending = Отправляется …
form-cancel = Отмена
preview-title = { $partner } прочитает
preview-held = Ничего не было бы передано: { $rule }
preview-hidden = Удержано или менее точно:
preview-missing = Форма требует ещё: { $members }
message-missing = неполно, нет: { $members }
preview-type = Форма
preview-rule = Разрешает
say-object = Объект
say-object-n = Объект { $number }
say-place = Место
say-crossing = Пересечение границы
say-districts = Районы
say-phase = Этап
say-question = Вопрос
say-answer = Ответ
say-outcome = Исход
say-objects = Объекты
say-first-observed-ms = Впервые наблюдалось
say-last-observed-ms = В последний раз
say-agrees = Завершение
say-role = Прочитал
say-search-centre = Искать вокруг
say-search-radius-m = Радиус поиска
say-number = Номер
say-text = Примечание
said-nothing-to-read = Непрочитанных сообщений нет.
said-no-warning = Нет оповещений, ждущих решения.
said-read = № { $serial } отмечено прочитанным
said-test = Проверка связи отправлена, { $channel }
said-done = Сделано: { $what }
said-report = Донесение принято

## Lines and feeds

line-up = работает
line-amber = проверка пропущена
line-down = не работает
line-dormant = не используется
line-stopped = остановлен
line-voice = голосом
line-lone = только голосом и на бумаге
line-queued = ждёт: { $count }
line-channel = Канал
line-state = Состояние
line-contact = Последний контакт
line-tested = Последняя проверка
line-sent = Отправлено
line-receipted = Получение подтверждено
line-waiting = Ждёт
line-got = Получено
line-refusals = Отклонено
line-contradicts = { $partner } противоречит себе
contradiction-means = Подписанное партнёром не сходится с подписанным им ранее. Доказательство сохранено; то, что сходится, принимается. Сохраните доказательство, сообщите юристу, спросите партнёра голосом.
contradiction-size = сообщений: { $size }
contradiction-serial = порядковый номер { $serial }
contradiction-save = Сохранить доказательство
contradiction-see = Я видел
contradiction-seen = просмотрено { $at }
contradiction-cleared = снято { $at }
contradiction-forked = Два разных журнала одного размера
contradiction-rewritten = Два сообщения под одним номером
contradiction-misplaced = Сообщение из другого места
contradiction-back-dated = Датировано раньше собственного предыдущего сообщения
contradiction-continued = Продолжил журнал, который сам закончил
contradiction-wrong-opening = Открыл журнал не так, как закончил предыдущий
contradiction-future-dated = Датировано будущим
contradiction-shrunken = Журнал короче подписанного ранее
contradiction-unproven = Журнал не следует из подписанного ранее
said-seen = Отмечено: просмотрено
line-witnessed = Засвидетельствовано
line-witnessed-upto = { $size } (требуется { $required })
line-no-witness = третьей стороны нет
line-link = Соединение
line-strangers = Отклонённые обращения не от партнёров: { $counts }
link-refused = отклонено: { $counts }
next-keys-confirmed = следующие ключи подтверждены: redshank rotate
next-keys-awaited = партнёр закончил свой журнал: сверьте его новые ключи, иначе его сообщения ждут
link-own-ends = наш сертификат истекает { $day }
link-partner-ends = сертификат партнёра истекает { $day }
line-test = Проверить сейчас
line-record = Выгрузить запись
line-compliance = Исполнение
feeds-title = Источники
feeds-sum = { $count } (молчит { $late })
feeds-refused = отклонено { $count }
feed-source = Источник
feed-last = Последнее донесение
feed-accepted = Принято
feed-refused = Отклонено
panel-lines = Линии
panel-feeds = Источники
panel-report = Сообщить о наблюдении
panel-help = Клавиши
panel-voice = Ввести сообщение, принятое голосом
panel-readout = Зачитать сообщение
panel-release = Что ждёт разрешающего органа
panel-shift = Смена

## By voice

voice-read = зачитать
voice-key-in = Ввести …
voice-channel = Канал
voice-count = Объявлено групп
voice-groups = Группы
voice-remark = Кто говорил, по какой линии
voice-take = Принять
voice-taken = { $type } { $serial } голосом записано
voice-hint = Вводите группы, как слышите. Каждая строка из восьми групп проверяется в конце. Знайте, чей это голос: проверка находит ошибки, но никого не удостоверяет.
voice-again = Переспросите: { $what }
voice-fault-symbol = один знак группы { $places }
voice-fault-order = порядок знаков группы { $places }
voice-fault-swapped = группы { $places } переставлены
voice-fault-row = строка групп { $places }
voice-fault-exercise = группы { $places }: учебный бланк в реальной работе или реальный на учениях
voice-says = Содержание
voice-unspoken = Не зачитывается
voice-say-first = Сначала скажите: «{ $opening }». Затем каждую группу знак за знаком, без её номера. { $seconds } с.
voice-check = контроль
voice-noted-out = Зачитано
voice-noted-back = Повторено верно
voice-print = Печать (PDF)
voice-said-out = Отмечено: { $serial } зачитано
voice-said-back = Отмечено: { $serial } повторено
voice-statements = Сказано голосом
voice-said = голосом сказано
voice-signed = подписано
voice-heard = голосом, ещё не подписано
voice-confirmed = услышано голосом, подтверждено
voice-differs = голосом сказано иначе
voice-withdrawn = голосом; подписано другое сообщение
voice-unsigned = голосом, не подписывается
lone-title = { $partner }: только голосом и на бумаге
lone-means = У { $partner } нет узла и ключей. Сказанное здесь подписывается в вашем журнале и должно быть зачитано или вручено на бумаге. Ничто из сказанного { $partner } не подписано: вводите, знайте, чей это голос, храните бумагу.
lone-thread = { $partner }: связь только голосом и на бумаге; ничто из сказанного там не подписано
by-voice-title = { $partner }: голосом, пока линия не работает
by-voice-means = Адрес узла не задан. Зачитайте эти сообщения; они будут доставлены, когда появится линия.
to-read-count = зачитать: { $count }
to-read-by = зачитать до { $at }
to-read-back = зачитано { $at }, не повторено
to-read-none = Всё зачитано и повторено или отвечено.
not-heard = { $partner } использовал эти номера, и здесь никто не слышал, что было сказано: { $serials }. Запросите их.
not-read-out = не зачитано
no-receipts = не может быть
voice-not-driven = процедура не сделала шага
standing-unsigned = не подписывается: у партнёра нет ключей
standing-waiting = ждёт подписанного сообщения
standing-confirmed = подтверждено
standing-differs = РАЗЛИЧАЕТСЯ: действительно подписанное сообщение
read-out = зачитано
read-back = повторено
said-nothing-sent = Здесь нет наших сообщений для зачитывания

## A person's report

report-says = Замечено, например: 3 км к северу от Шумска, летит на запад.
report-reporter = Кто видел
report-minutes = Сколько минут назад
report-distance = Расстояние, км
report-direction = Направление от места
report-reference = Место
report-heading = Куда летит
report-speed = Скорость
report-height = Высота
report-what = Что
report-count = Сколько
report-remark = Примечание (неофициальное)
report-unknown = неизвестно
report-send = Передать
reporter-border-guard = пограничник
reporter-police = полиция
reporter-resident = житель
reporter-acoustic = акустический датчик
reporter-officer = офицер
speed-hovering = зависает
speed-slow = медленно (как машина в городе)
speed-medium = средне (как лёгкий самолёт)
speed-fast = быстро (как реактивный самолёт)
height-treetop = верхушки деревьев
height-low = низко
height-medium = средне
height-high = высоко
wind-n = север
wind-nne = северо-северо-восток
wind-ne = северо-восток
wind-ene = востоко-северо-восток
wind-e = восток
wind-ese = востоко-юго-восток
wind-se = юго-восток
wind-sse = юго-юго-восток
wind-s = юг
wind-ssw = юго-юго-запад
wind-sw = юго-запад
wind-wsw = западо-юго-запад
wind-w = запад
wind-wnw = западо-северо-запад
wind-nw = северо-запад
wind-nnw = северо-северо-запад

reason-no-answer = Узел не ответил
stale = старая новость, в пути { $age }

## Keys

help-digits = выбрать инцидент или ответ открытой формы
help-arrows = следующий или предыдущий инцидент
help-warning = следующее оповещение, ждущее решения
help-escape = отменить, закрыть, назад

## Coming in

enter-log-in = Войдите в этот узел.
enter-enrol = { $name }, по этой ссылке вы можете один раз зарегистрироваться как «{ $person }». Выберите, как будете входить впредь.
enter-passkey = Ключ доступа
enter-passkey-means = Ключ на этом компьютере, телефоне или носителе, открывается пальцем или кодом. Ничего не нужно помнить, и никакая страница его не выманит.
enter-make-passkey = Создать ключ доступа
enter-use-passkey = Войти с ключом доступа
enter-no-passkeys = Ключи доступа привязаны к имени: откройте пульт по имени, а не по номеру.
enter-code = Пароль и код
enter-make-code = Выбрать пароль и коды
enter-code-key = Ключ для вашего приложения кодов:
enter-code-open = открыть на этом устройстве
enter-your-person = Кто вы
enter-your-password = Пароль
enter-your-code = Код
enter-code-means = В пароле не менее 12 знаков; код сейчас показывает приложение.
enter-finish = Зарегистрироваться
enter-go = Войти
enter-national = Государственный вход
enter-use-national = Войти там
enter-lost = Потеряли ключ или телефон? Администратор позволит зарегистрироваться заново.

## People, release, shift

top-no-shift = На смене никого
top-leave = Выйти
preview-asks = Правило спрашивает разрешающий орган (лиц: { $persons }): сообщение ждёт, пока не сказано «да».
release-none = Ничего не ждёт.
release-ended = Отвечено или не вовремя
release-policy = Действующая политика: { $name }, правил: { $rules },
release-since = с { $at },
release-why = Правило { $rule } спрашивает; лиц: { $persons }.
release-reasons = Почему это правило: правила по порядку
release-yes = Сказано «да»: { $given }
release-observed = Наблюдалось
release-approve = Да, выпустить
release-refuse = Нет
release-no-why = Почему нет (необязательно)
release-waits = Ответить может только разрешающий орган.
said-approved = Вопрос { $number }: ваше «да» записано
said-refused = Вопрос { $number }: ваше «нет» записано
held-waiting = ждёт
held-sent = отправлено
held-refused = отказано
held-lapsed = никто вовремя не сказал «да»
held-replaced = спрошено заново
held-withdrawn = больше не спрашивается
shift-nobody = На смене никого.
shift-take = Принять смену
shift-since = на смене с { $at }
shift-taken-over = взята без передачи
shift-offer = Предложить смену следующему офицеру
shift-offered = { $person } предложил(а) её в { $at } и отвечает, пока всё это не принято:
shift-next = { $person } принимает.
shift-home = дома
shift-accept = Принять
shift-accept-all = Принять всё ({ $count }) и взять смену
shift-why = Почему без передачи
shift-take-over = Взять без передачи
said-shift-taken = Вы на смене
said-shift-offered = Смена предложена
said-shift-accepted = Принято

## The exercise director's page

director-title = Руководитель учений
director-waiting = Ожидание сервера руководителя …
director-lost = НЕТ СВЯЗИ, { $seconds } с
director-phase-choosing = выберите ночь
director-phase-starting = запускается
director-phase-running = идёт
director-phase-paused = приостановлено
director-phase-finished = закончено
director-phase-failed = не удалось
director-choose = Какая ночь?
director-documented = Документировано
director-invented = Вымышлено
director-objects = { $count ->
    [one] { $count } объект
    [few] { $count } объекта
   *[many] { $count } объектов
}
director-speed = Скорость
director-seats = Где сидит человек (иначе робот)
director-start = Начать
director-pause = Приостановить
director-resume = Продолжить
director-again = Другая ночь …
director-nodes = Узлы
director-console = пульт
director-authority = разрешение
director-up = работает
director-down = НЕ РАБОТАЕТ
director-counts = открыто { $incidents }, сопровождается { $tracks }
director-shows = Показать
director-truth = правда
director-false = ложный объект
director-events = Ход событий
seat-robot = робот
seat-person = человек
ticker-truth = правда
ticker-notice = уведомление
ticker-warning = оповещение
ticker-procedure = процедура
ticker-fault = неисправность
ticker-seat = место
ended-impact = падение
ended-found = найден
ended-left = покинул район
ended-shot-down = сбит
ended-ended = закончено
score-object = Объект
score-place = Где
score-noticed = Уведомлено
score-crossed = Пересёк границу
score-notice-lead = Упреждение уведомления
score-warned = Предложено оповестить
score-impact = Падение
score-warning-lead = Упреждение оповещения
score-documented = Что было на самом деле
score-none = Итог заполняется по ходу ночи.

## The report of compliance and reciprocity (compliance.html)

compliance-title = Исполнение и взаимность
compliance-channel = Канал
compliance-from = С (UTC)
compliance-until = До (UTC)
compliance-last-day = последние 24 часа
compliance-last-week = последние 7 дней
compliance-this-month = этот месяц
compliance-last-month = прошлый месяц
compliance-ever = с самого начала
compliance-show = Показать
compliance-working = Идёт расчёт …
compliance-bad-time = Время пишите так: 2026-05-07 01:00
compliance-save = Сохранить как
compliance-json-means = Файл JSON обе стороны рассчитывают одинаково: сверьте свой с файлом партнёра.
compliance-not-sent = Что не отправлено и по какому правилу: redshank release audit на этом узле.
compliance-refused = Отчёта нет: { $why }
compliance-back = Пульт

## The life of an agreement

line-suspended = приостановлен
line-ended = прекращён
type-agreement-suspended = Соглашение приостановлено
type-agreement-resumed = Соглашение снова действует
type-agreement-ended = Соглашение прекращено
agreement-dormant = не используется: только проверки связи
agreement-active = действует
agreement-suspended = приостановлено: об инцидентах ничего не говорится
agreement-ended = прекращено: открытое следует завершить
agreement-kind-exercise = учебное
agreement-kind-bilateral = двустороннее
agreement-by-file = только по файлу
agreement-text = Текст { $text }, { $kind }.
agreement-suspended-by = Приостановила сторона { $party }, и только она может возобновить.
agreement-partner-waits = { $partner } ввёл в действие { $text }; мы нет.
agreement-since = Стоит с { $at }.
agreement-differs = Два текста: мы ввели { $own }, партнёр { $partner }. Из-за этого ничего не действует.
agreement-review = Срок пересмотра прошёл: стороны должны его провести.
agreement-file = В нашем файле другой текст ({ $own }); { $text } действует, пока обе стороны не введут новый.
agreement-waiting = Сообщений партнёра, пришедших во время нашей приостановки: { $count }. Они сохранены, по ним не действуют.
agreement-ends = Заканчивается { $at } UTC.
agreement-voice = только голосом
agreement-again = Нажмите ещё раз в течение пяти секунд для подтверждения
agreement-confirm = Нажмите ещё раз: { $act }
agreement-do-activate = Ввести в действие
agreement-do-suspend = Приостановить
agreement-do-resume = Возобновить
agreement-do-end = Прекратить
agreement-done = { $act }: { $channel }
effect-waits = другая сторона не присоединилась
effect-other-text = другой текст: не вводится
effect-too-late = из закончившегося периода
effect-by-voice = ждёт подписанного сообщения
why-ordered = распоряжение
why-technical = техническая
why-keys-in-doubt = ключи под сомнением
why-misuse = неправильное использование
why-no-reason-given = причина не названа
why-expired = срок истёк
why-replaced = заменено
why-breach = нарушение
why-withdrawn = отозвано
## Fields of statements of our own doing and findings

field-from-ms = с (UTC)
field-radius-m = радиус, м
field-found-ms = найдено (UTC)
field-bytes = размер, байты
field-obtained-ms = получено (UTC)
field-lat = широта
field-lon = долгота
