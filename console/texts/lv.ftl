### Texts of the console and of the exercise director's page, Latvian. Codes are those of the wire and of the view.

waiting = Gaida mezglu …
close = Aizvērt
exercise = MĀCĪBAS
clock-rate = pulkstenis × { $rate }
clock-paused = pulkstenis apturēts
never = nekad
weekday-0 = Sv
weekday-1 = P
weekday-2 = O
weekday-3 = T
weekday-4 = C
weekday-5 = Pk
weekday-6 = S
unit-seconds = { $value } s
unit-minutes = { $value } min
unit-hours = { $value } h

## Top bar

due-none = Nekas nav jādara
due-us = Mūsu pienākums: { $what }
due-us-to = Mūsu pienākums: { $what } → { $partner }
due-partner = { $partner } pienākums: { $what }
link-live = tiešraidē
link-paused = tiešraidē, pulkstenis apturēts
link-stale = AINA NOVECOJUSI PAR { $seconds } s
link-lost = NAV SAKARU AR MEZGLU, { $seconds } s
top-report = Ziņot par novērojumu
top-theme = Tumšs vai gaišs
top-help = Taustiņi
top-language = Valoda

## Queue

queue-title = Notikumi
queue-empty = Atvērtu notikumu nav.
queue-more = un vēl { $count }
queue-show-closed = Rādīt slēgtos ({ $count })
queue-hide-closed = Slēpt slēgtos
incident-phase-open = atvērts
incident-phase-closing = tiek slēgts
incident-phase-closed = slēgts
no-crossing = 60 min laikā robežas šķērsošana netiek prognozēta
window = 10–90 %: { $window } · { $at } · posmā { $stretch }
overdue = NOKAVĒTS
owner-us = Mūsu pienākums:
owner-partner = { $partner } pienākums:
escalated = → { $step }
warnings-proposed = { $count ->
    [zero] { $count } brīdinājumu gaida lēmumu
    [one] { $count } brīdinājums gaida lēmumu
   *[other] { $count } brīdinājumi gaida lēmumu
}

## Map

map-mine = Mana aina
map-theirs = Ko redz { $partner }
map-fit = Rādīt notikumu
sees-title = Ko viņi redz
sees-mine = tikai mana
sees-sum = { $partner }: tiek nodoti { $released }, aizturēti { $held }
sees-released = tiek nodots
sees-held = aizturēts
sees-same = kā manā ainā
legend-own = paša izsekots objekts
legend-received = saņemts no partnera
legend-fused = apvienots, vairāki novērotāji
legend-search = pazaudēts: meklēšanas apgabals 90 %
legend-stretch = šķērsošanas posms 80 %
legend-district = novads ceļā
track-held = Tiek uzskatīts par
track-kind = Izsekots objekts
track-place = Atrašanās vieta
track-motion = Kustība
track-sure = Elipse
track-age = Pēdējais ziņojums
track-sources = { $count ->
    [zero] { $count } avotu
    [one] { $count } avots
   *[other] { $count } avoti
}
track-open = Atvērt notikumu
track-status = Noteikt statusu
kind-own = paša ({ $observer })
kind-received = saņemts, { $observer }
kind-fused = apvienots: { $parts }
field-position = atrašanās vieta
field-position-wgs84 = atrašanās vieta
field-accuracy-m = precizitāte
field-altitude-m = augstums
field-altitude = augstums
field-course-deg = kurss
field-course = kurss
field-speed-kmh = ātrums
field-speed = ātrums
field-status = statuss
field-time = laiks
field-at = atrašanās vieta
field-sources = avoti
field-track = viss objekts
field-track-id = objekta numurs
field-reports = ziņojumu skaits
field-covariance = elipse
field-trail = pēdas
field-forecast = prognoze
field-crossing = robežas šķērsošana
field-districts = novadi
field-observed-ms = novērošanas laiks
field-search-radius-m = meklēšanas apgabals
field-answer = atbilde pēc būtības
field-outcome = kā beidzās
field-objects = objektu skaits
field-until-ms = paredzamās beigas
field-floor-m = apakšējā robeža
field-ceiling-m = augšējā robeža
field-object = objekts
field-find = atradums, uz kuru attiecas
life-tentative = provizorisks
life-live = izsekots
life-lost = PAZAUDĒTS
life-ended = beidzies

## Incident

incident-none = Notikums nav izvēlēts.
incident-opened = atvērts { $at }, pamats: { $by }
incident-aliases = arī { $ids }
opened-forecast = prognoze
opened-crossing = robežas šķērsošana
opened-notice = partnera paziņojums
opened-partner = partnera paziņojums
opened-person = cilvēks
thread-none = Vēl nevienā kanālā.
thread-at-home = pie mums
thread-state = { $partner }: { $state }
unread = nelasīts ziņojums
says-all = Viss saturs
unofficial = neoficiāli
serial = Nr. { $serial }
in-reply-to = uz { $serial }
rule-title = Noteikums, kas to atļāva
received = saņemts
read = izlasīts
answered = atbildēts
not-received = nav saņemts
not-read = nav izlasīts
not-answered = nav atbildēts
gist-lost = izsekošana pārtrūkusi, meklēt { $radius } rādiusā
act-ack = Apstiprināt
act-reply = Atbildēt
act-query = Jautāt
act-notice = Paziņot
act-close = Slēgt
act-agree-close = Piekrist slēgšanai
act-disagree-close = Nepiekrist
act-close-alone = Slēgt vieniem

## Warnings

warnings-title = Brīdinājumi iedzīvotājiem
warning-issue = Izsludināt …
warning-proposed = ierosināts { $at }
warning-issued = izsludināts { $at }
warning-ended = beidzies { $at }
warning-impact = tur pēc { $left }
warning-here = jau tur

## Forms

form-reply = Atbilde: { $partner }
form-query = Pieprasījums: { $partner }
form-query-asks = Vai šis objekts ir jūsu, vai jums zināms?
form-notice = Paziņojums: { $partner }
form-close = Slēgšana: { $partner }
form-agree = Piekrist slēgšanai ar { $partner }: { $outcome }
form-disagree = Slēgt, bet ne tā, kā saka { $partner }: { $outcome }
form-alone = Slēgt bez { $partner }
form-home = Slēgt notikumu
form-alone-asks = Nekas netiek sūtīts. Ierakstā paliek, ka neviens cits nav piekritis.
form-warning = { $level }: { $district }
form-warning-asks = Brīdinājums tūlīt nonāk atbildīgajā iestādē.
form-open = Atvērt notikumu: { $track }
form-open-asks = Sākas procedūras termiņi, un kanāli var tikt informēti.
form-status = Statuss: { $track }
form-remark = Neoficiāla piezīme (nav obligāta)
form-send = Sūtīt
form-issue = Izsludināt tagad
form-sending = Sūta …
form-cancel = Atcelt
preview-title = { $partner } lasīs
preview-held = Nekas netiktu nodots: { $rule }
preview-hidden = Aizturēts vai mazāk precīzs:
preview-missing = Veidlapa vēl prasa: { $members }
message-missing = nepilnīgs: trūkst – { $members }
preview-type = Veidlapa
preview-rule = Atļauj
say-object = Objekts
say-object-n = Objekts { $number }
say-place = Vieta
say-crossing = Robežas šķērsošana
say-districts = Novadi
say-phase = Posms
say-question = Jautājums
say-answer = Atbilde
say-outcome = Iznākums
say-objects = Objekti
say-first-observed-ms = Pirmoreiz novērots
say-last-observed-ms = Pēdējoreiz novērots
say-agrees = Slēgšana
say-role = Izlasīja
say-search-centre = Meklēt ap
say-search-radius-m = Meklēšanas rādiuss
say-number = Numurs
say-text = Piezīme
said-nothing-to-read = Nelasītu ziņojumu nav.
said-no-warning = Neviens brīdinājums negaida lēmumu.
said-read = Nr. { $serial } atzīmēts kā izlasīts
said-test = Sakaru pārbaude nosūtīta, { $channel }
said-done = Izdarīts: { $what }
said-report = Ziņojums pieņemts

## Lines and feeds

line-up = darbojas
line-amber = pārbaude izpalikusi
line-down = nedarbojas
line-dormant = netiek lietots
line-stopped = apturēts
line-voice = balsī
line-lone = tikai balsī un uz papīra
line-queued = gaida: { $count }
line-channel = Kanāls
line-state = Stāvoklis
line-contact = Pēdējie sakari
line-tested = Pēdējā pārbaude
line-sent = Nosūtīts
line-receipted = Saņemšana apliecināta
line-waiting = Gaida
line-got = Saņemts
line-refusals = Noraidīts
line-contradicts = { $partner } ir pretrunā ar sevi
contradiction-means = Tas, ko partneris parakstījis, nesaskan ar to, ko tas parakstīja agrāk. Pierādījums ir saglabāts; kas saskan, to joprojām pieņem. Saglabājiet pierādījumu, ziņojiet juristam, jautājiet partnerim balsī.
contradiction-size = ziņojumi: { $size }
contradiction-serial = kārtas numurs { $serial }
contradiction-save = Saglabāt pierādījumu
contradiction-see = Esmu redzējis
contradiction-seen = redzēts { $at }
contradiction-cleared = noskaidrots { $at }
contradiction-forked = Divi dažādi viena izmēra žurnāli
contradiction-rewritten = Divi ziņojumi ar vienu numuru
contradiction-misplaced = Ziņojums no citas vietas
contradiction-back-dated = Datēts agrāk par paša iepriekšējo ziņojumu
contradiction-continued = Turpināja žurnālu, ko pats bija beidzis
contradiction-wrong-opening = Sāka žurnālu citādi, nekā beidza iepriekšējo
contradiction-future-dated = Datēts nākotnē
contradiction-shrunken = Īsāks žurnāls, nekā parakstīts agrāk
contradiction-unproven = Žurnāls neizriet no agrāk parakstītā
said-seen = Atzīmēts: redzēts
line-witnessed = Apliecināts
line-witnessed-upto = { $size } (vajag { $required })
line-no-witness = trešās puses nav
line-link = Savienojums
line-strangers = Noraidīti izsaukumi ne no partneriem: { $counts }
link-refused = noraidīts: { $counts }
next-keys-confirmed = nākamās atslēgas apstiprinātas: redshank rotate
next-keys-awaited = partneris beidzis savu žurnālu: salīdziniet tā jaunās atslēgas, citādi tā ziņojumi gaida
link-own-ends = mūsu sertifikāts beidzas { $day }
link-partner-ends = partnera sertifikāts beidzas { $day }
line-test = Pārbaudīt tagad
line-record = Eksportēt ierakstu
line-compliance = Izpilde
feeds-title = Avoti
feeds-sum = { $count } (klusē { $late })
feeds-refused = noraidīts { $count }
feed-source = Avots
feed-last = Pēdējais ziņojums
feed-accepted = Pieņemts
feed-refused = Noraidīts
panel-lines = Līnijas
panel-feeds = Avoti
panel-report = Ziņot par novērojumu
panel-help = Taustiņi
panel-voice = Ievadīt balsī saņemtu ziņojumu
panel-readout = Nolasīt ziņojumu balsī
panel-release = Kas gaida atļaujošo iestādi
panel-shift = Maiņa

## By voice

voice-read = nolasīt balsī
voice-key-in = Ievadīt …
voice-channel = Kanāls
voice-count = Pieteiktās grupas
voice-groups = Grupas
voice-remark = Kas runāja, pa kuru līniju
voice-take = Pieņemt
voice-taken = { $type } { $serial } balsī ierakstīts
voice-hint = Rakstiet grupas, kā dzirdat. Katra astoņu grupu rinda tiek pārbaudīta tās beigās. Ziniet, kā balss tā ir: pārbaude atrod kļūdas, bet nevienu neapliecina.
voice-again = Pajautājiet vēlreiz: { $what }
voice-fault-symbol = viena zīme grupā { $places }
voice-fault-order = zīmju secība grupā { $places }
voice-fault-swapped = grupas { $places } samainītas
voice-fault-row = grupu { $places } rinda
voice-fault-exercise = grupas { $places }: mācības īstā darbā vai īsts darbs mācībās
voice-says = Saturs
voice-unspoken = Netiek nolasīts
voice-say-first = Vispirms sakiet: “{ $opening }”. Tad katru grupu pa vienai zīmei, bez tās numura. { $seconds } s.
voice-check = kontrole
voice-noted-out = Nolasīts
voice-noted-back = Atkārtots pareizi
voice-print = Drukāt (PDF)
voice-said-out = Atzīmēts: { $serial } nolasīts
voice-said-back = Atzīmēts: { $serial } atkārtots
voice-statements = Pateikts balsī
voice-said = balsī teikts
voice-signed = parakstīts
voice-heard = balsī, vēl nav parakstīts
voice-confirmed = dzirdēts balsī, apstiprināts
voice-differs = balsī teikts citādi
voice-withdrawn = balsī; parakstītais ziņojums ir cits
voice-unsigned = balsī, netiek parakstīts
lone-title = { $partner }: tikai balsī un uz papīra
lone-means = { $partner } nav ne mezgla, ne atslēgu. Ko šeit sakāt, tiek parakstīts jūsu žurnālā un ir jānolasa vai jānodod uz papīra. Nekas, ko saka { $partner }, nav parakstīts: ievadiet, ziniet, kā balss tā ir, glabājiet papīru.
lone-thread = { $partner } sasniedzams tikai balsī un uz papīra; nekas no tur teiktā nav parakstīts
by-voice-title = { $partner }: balsī, kamēr līnija nedarbojas
by-voice-means = Mezgla adrese nav norādīta. Nolasiet šos ziņojumus; tie tiks piegādāti, kad būs līnija.
to-read-count = jānolasa: { $count }
to-read-by = jānolasa līdz { $at }
to-read-back = nolasīts { $at }, nav atkārtots
to-read-none = Viss ir nolasīts un atkārtots vai atbildēts.
not-heard = { $partner } ir izmantojis šos numurus, un neviens šeit nav dzirdējis, kas teikts: { $serials }. Palūdziet tos.
not-read-out = nav nolasīts
no-receipts = nevar būt
voice-not-driven = procedūra nespēra soli
standing-unsigned = netiek parakstīts: partnerim nav atslēgu
standing-waiting = gaida parakstīto ziņojumu
standing-confirmed = apstiprināts
standing-differs = ATŠĶIRAS: spēkā ir parakstītais ziņojums
read-out = nolasīts
read-back = atkārtots
said-nothing-sent = Šeit nav mūsu ziņojumu, ko nolasīt

## A person's report

report-says = Redzēts, piemēram: 3 km uz ziemeļiem no Šumskas, lido uz rietumiem.
report-reporter = Kas redzēja
report-minutes = Pirms cik minūtēm
report-distance = Attālums, km
report-direction = Virziens no vietas
report-reference = Vieta
report-heading = Lidojuma virziens
report-speed = Ātrums
report-height = Augstums
report-what = Kas
report-count = Cik
report-remark = Piezīme (neoficiāla)
report-unknown = nav zināms
report-send = Iesniegt
reporter-border-guard = robežsargs
reporter-police = policija
reporter-resident = iedzīvotājs
reporter-acoustic = akustiskais sensors
reporter-officer = virsnieks
speed-hovering = karājas gaisā
speed-slow = lēni (kā auto pilsētā)
speed-medium = vidēji (kā viegla lidmašīna)
speed-fast = ātri (kā reaktīvā lidmašīna)
height-treetop = koku galotnes
height-low = zemu
height-medium = vidēji
height-high = augstu
wind-n = ziemeļi
wind-nne = ziemeļi ziemeļaustrumi
wind-ne = ziemeļaustrumi
wind-ene = austrumi ziemeļaustrumi
wind-e = austrumi
wind-ese = austrumi dienvidaustrumi
wind-se = dienvidaustrumi
wind-sse = dienvidi dienvidaustrumi
wind-s = dienvidi
wind-ssw = dienvidi dienvidrietumi
wind-sw = dienvidrietumi
wind-wsw = rietumi dienvidrietumi
wind-w = rietumi
wind-wnw = rietumi ziemeļrietumi
wind-nw = ziemeļrietumi
wind-nnw = ziemeļi ziemeļrietumi

reason-no-answer = Mezgls neatbildēja
stale = veca ziņa, ceļā { $age }

## Keys

help-digits = izvēlēties notikumu vai atvērtās veidlapas atbildi
help-arrows = nākamais vai iepriekšējais notikums
help-warning = nākamais brīdinājums, kas gaida lēmumu
help-escape = atcelt, aizvērt, atpakaļ

## Coming in

enter-log-in = Piesakieties šajā mezglā.
enter-enrol = { $name }, ar šo saiti varat vienreiz reģistrēties kā “{ $person }”. Izvēlieties, kā turpmāk pieteiksieties.
enter-passkey = Piekļuves atslēga
enter-passkey-means = Atslēga šajā datorā, tālrunī vai zibatmiņā, ko atver ar pirkstu vai PIN. Nekas nav jāatceras, un neviena lapa to neizvilinās.
enter-make-passkey = Izveidot piekļuves atslēgu
enter-use-passkey = Pieteikties ar piekļuves atslēgu
enter-no-passkeys = Piekļuves atslēgas ir saistītas ar vārdu: atveriet pulti pēc vārda, nevis pēc skaitļa.
enter-code = Parole un kods
enter-make-code = Izvēlēties paroli un kodus
enter-code-key = Atslēga jūsu kodu lietotnei:
enter-code-open = atvērt šajā ierīcē
enter-your-person = Kas jūs esat
enter-your-password = Parole
enter-your-code = Kods
enter-code-means = Parolē ir vismaz 12 zīmes; kodu pašlaik rāda lietotne.
enter-finish = Reģistrēties
enter-go = Pieteikties
enter-national = Valsts pieteikšanās
enter-use-national = Pieteikties tur
enter-lost = Pazaudējāt atslēgu vai tālruni? Administrators ļaus reģistrēties no jauna.

## People, release, shift

top-no-shift = Maiņā neviena nav
top-leave = Atteikties
preview-asks = Noteikums jautā atļaujošajai iestādei (personas: { $persons }): ziņojums aizturēts, līdz pateikts “jā”.
release-none = Nekas negaida.
release-ended = Atbildēts vai nokavēts
release-policy = Spēkā esošā politika: { $name }, noteikumi: { $rules },
release-since = kopš { $at },
release-why = Noteikums { $rule } jautā; personas: { $persons }.
release-reasons = Kāpēc šis noteikums: noteikumi pēc kārtas
release-yes = Pateikts “jā”: { $given }
release-observed = Novērots
release-approve = Jā, izlaist
release-refuse = Nē
release-no-why = Kāpēc nē (nav obligāti)
release-waits = Atbildēt drīkst tikai atļaujošā iestāde.
said-approved = Jautājums { $number }: jūsu “jā” ir pierakstīts
said-refused = Jautājums { $number }: jūsu “nē” ir pierakstīts
held-waiting = gaida
held-sent = nosūtīts
held-refused = atteikts
held-lapsed = neviens laikus neteica “jā”
held-replaced = jautāts no jauna
held-withdrawn = vairs netiek jautāts
shift-nobody = Maiņā neviena nav.
shift-take = Pārņemt maiņu
shift-since = ir maiņā kopš { $at }
shift-taken-over = pārņemta bez nodošanas
shift-offer = Piedāvāt maiņu nākamajai amatpersonai
shift-offered = { $person } to piedāvāja { $at } un atbild, līdz viss šis ir pieņemts:
shift-next = { $person } pieņem.
shift-home = mājās
shift-accept = Pieņemt
shift-accept-all = Pieņemt visu ({ $count }) un pārņemt maiņu
shift-why = Kāpēc bez nodošanas
shift-take-over = Pārņemt bez nodošanas
said-shift-taken = Jūs esat maiņā
said-shift-offered = Maiņa piedāvāta
said-shift-accepted = Pieņemts

## The exercise director's page

director-title = Mācību vadītājs
director-waiting = Gaida vadītāja serveri …
director-lost = NAV SAKARU, { $seconds } s
director-phase-choosing = izvēlieties nakti
director-phase-starting = sākas
director-phase-running = notiek
director-phase-paused = apturēts
director-phase-finished = pabeigts
director-phase-failed = neizdevās
director-choose = Kura nakts?
director-documented = Dokumentēts
director-invented = Izdomāts
director-objects = { $count ->
    [zero] { $count } objektu
    [one] { $count } objekts
   *[other] { $count } objekti
}
director-speed = Ātrums
director-seats = Kur sēž cilvēks (citur – robots)
director-start = Sākt
director-pause = Apturēt
director-resume = Turpināt
director-again = Cita nakts …
director-nodes = Mezgli
director-console = pults
director-authority = atļauja
director-up = darbojas
director-down = NEDARBOJAS
director-counts = atvērti { $incidents }, izsekoti { $tracks }
director-shows = Rādīt
director-truth = patiesība
director-false = viltus objekts
director-events = Norise
seat-robot = robots
seat-person = cilvēks
ticker-truth = patiesība
ticker-notice = paziņojums
ticker-warning = brīdinājums
ticker-procedure = procedūra
ticker-fault = bojājums
ticker-seat = vieta
ended-impact = nokrita
ended-found = atrasts
ended-left = pameta apgabalu
ended-shot-down = notriekts
ended-ended = beidzies
score-object = Objekts
score-place = Kur
score-noticed = Paziņots
score-crossed = Šķērsoja robežu
score-notice-lead = Paziņojuma apsteidze
score-warned = Ierosināts brīdināt
score-impact = Nokrita
score-warning-lead = Brīdinājuma apsteidze
score-documented = Kas notika patiesībā
score-none = Rezultāts pildās nakts gaitā.

## The report of compliance and reciprocity (compliance.html)

compliance-title = Izpilde un savstarpīgums
compliance-channel = Kanāls
compliance-from = No (UTC)
compliance-until = Līdz (UTC)
compliance-last-day = pēdējās 24 stundas
compliance-last-week = pēdējās 7 dienas
compliance-this-month = šis mēnesis
compliance-last-month = iepriekšējais mēnesis
compliance-ever = kopš sākuma
compliance-show = Rādīt
compliance-working = Notiek aprēķins …
compliance-bad-time = Laiku rakstiet šādi: 2026-05-07 01:00
compliance-save = Saglabāt kā
compliance-json-means = JSON failu abas puses aprēķina vienādi: salīdziniet savu ar partnera.
compliance-not-sent = Kas nav nosūtīts un pēc kura noteikuma: redshank release audit šajā mezglā.
compliance-refused = Pārskata nav: { $why }
compliance-back = Pults

## The life of an agreement

line-suspended = apturēts
line-ended = izbeigts
type-agreement-suspended = Vienošanās apturēta
type-agreement-resumed = Vienošanās atkal spēkā
type-agreement-ended = Vienošanās izbeigta
agreement-dormant = netiek lietota: tiek teiktas tikai sakaru pārbaudes
agreement-active = spēkā
agreement-suspended = apturēta: par notikumiem nekas netiek teikts
agreement-ended = izbeigta: kas ir atvērts, jāslēdz
agreement-kind-exercise = mācību
agreement-kind-bilateral = divpusēja
agreement-by-file = tikai pēc faila
agreement-text = Teksts { $text }, { $kind }.
agreement-suspended-by = Apturēja { $party }, un tikai šī puse to var atsākt.
agreement-partner-waits = { $partner } ir iedarbinājis { $text }; mēs ne.
agreement-since = Apturēts kopš { $at }.
agreement-differs = Divi teksti: mēs iedarbinājām { $own }, partneris { $partner }. Ar to nekas nav spēkā.
agreement-review = Pārskatīšanas datums ir pagājis: pusēm tā ir jāveic.
agreement-file = Mūsu failā ir cits teksts ({ $own }); { $text } ir spēkā, līdz abas puses iedarbina jauno.
agreement-waiting = Partnera ziņojumi, kas saņemti mūsu apturēšanas laikā: { $count }. Tie tiek glabāti, pēc tiem nerīkojas.
agreement-ends = Beidzas { $at } UTC.
agreement-voice = tikai balsī
agreement-again = Piecu sekunžu laikā nospiediet vēlreiz, lai apstiprinātu
agreement-confirm = Nospiediet vēlreiz: { $act }
agreement-do-activate = Iedarbināt
agreement-do-suspend = Apturēt
agreement-do-resume = Atsākt
agreement-do-end = Izbeigt
agreement-done = { $act }: { $channel }
effect-waits = otra puse nav pievienojusies
effect-other-text = cits teksts: netiek iedarbināts
effect-too-late = no posma, kas ir beidzies
effect-by-voice = gaida parakstīto ziņojumu
why-ordered = rīkojums
why-technical = tehnisks
why-keys-in-doubt = atslēgas apšaubāmas
why-misuse = nepareiza izmantošana
why-no-reason-given = iemesls nav norādīts
why-expired = termiņš beidzies
why-replaced = aizstāts
why-breach = pārkāpums
why-withdrawn = atsaukts
## Fields of statements of our own doing and findings

field-from-ms = no (UTC)
field-radius-m = rādiuss, m
field-found-ms = atrasts (UTC)
field-bytes = izmērs, baiti
field-obtained-ms = iegūts (UTC)
field-lat = platums
field-lon = garums
