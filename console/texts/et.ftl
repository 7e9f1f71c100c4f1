### Texts of the console and of the exercise director's page, Estonian. Codes are those of the wire and of the view.

waiting = Sõlme ootamine …
close = Sulge
exercise = ÕPPUS
clock-rate = kell × { $rate }
clock-paused = kell on peatatud
never = mitte kunagi
weekday-0 = P
weekday-1 = E
weekday-2 = T
weekday-3 = K
weekday-4 = N
weekday-5 = R
weekday-6 = L
unit-seconds = { $value } s
unit-minutes = { $value } min
unit-hours = { $value } h

## Top bar

due-none = Kohustusi ei ole
due-us = Meie kohustus: { $what }
due-us-to = Meie kohustus: { $what } → { $partner }
due-partner = { $partner } kohustus: { $what }
link-live = otse
link-paused = otse, kell on peatatud
link-stale = PILT ON { $seconds } s VANA
link-lost = SÕLMEGA EI OLE ÜHENDUST, { $seconds } s
top-report = Teata vaatlusest
top-theme = Tume või hele
top-help = Klahvid
top-language = Keel

## Queue

queue-title = Juhtumid
queue-empty = Avatud juhtumeid ei ole.
queue-more = ja veel { $count }
queue-show-closed = Näita suletuid ({ $count })
queue-hide-closed = Peida suletud
incident-phase-open = avatud
incident-phase-closing = sulgemisel
incident-phase-closed = suletud
no-crossing = 60 min jooksul piiri ületamist ei prognoosita
window = 10–90 %: { $window } · { $at } · lõigul { $stretch }
overdue = HILINENUD
owner-us = Meie kohustus:
owner-partner = { $partner } kohustus:
escalated = → { $step }
warnings-proposed = { $count ->
    [one] { $count } hoiatus ootab otsust
   *[other] { $count } hoiatust ootab otsust
}

## Map

map-mine = Minu pilt
map-theirs = Mida näeb { $partner }
map-fit = Näita juhtumit
sees-title = Mida nemad näevad
sees-mine = ainult minu
sees-sum = { $partner }: edastatakse { $released }, kinni peetud { $held }
sees-released = edastatakse
sees-held = kinni peetud
sees-same = nagu minu pildil
legend-own = oma jälgitav objekt
legend-received = partnerilt saadud
legend-fused = ühendatud, mitu vaatlejat
legend-search = kadunud: otsinguala 90 %
legend-stretch = ületamise lõik 80 %
legend-district = omavalitsus teel
track-held = Peetakse
track-kind = Jälgitav objekt
track-place = Asukoht
track-motion = Liikumine
track-sure = Ellips
track-age = Viimane teade
track-sources = { $count ->
    [one] { $count } allikas
   *[other] { $count } allikat
}
track-open = Ava juhtum
track-status = Määra staatus
kind-own = oma ({ $observer })
kind-received = saadud, { $observer }
kind-fused = ühendatud: { $parts }
field-position = asukoht
field-position-wgs84 = asukoht
field-accuracy-m = täpsus
field-altitude-m = kõrgus
field-altitude = kõrgus
field-course-deg = kurss
field-course = kurss
field-speed-kmh = kiirus
field-speed = kiirus
field-status = staatus
field-time = aeg
field-at = asukoht
field-sources = allikad
field-track = kogu objekt
field-track-id = objekti number
field-reports = teadete arv
field-covariance = ellips
field-trail = jälg
field-forecast = prognoos
field-crossing = piiri ületamine
field-districts = omavalitsused
field-observed-ms = vaatluse aeg
field-search-radius-m = otsinguala
field-answer = sisuline vastus
field-outcome = kuidas lõppes
field-objects = objektide arv
field-until-ms = eeldatav lõpp
field-floor-m = alumine piir
field-ceiling-m = ülemine piir
field-object = objekt
field-find = leid, mille juurde kuulub
life-tentative = esialgne
life-live = jälgitav
life-lost = KADUNUD
life-ended = lõppenud

## Incident

incident-none = Juhtumit ei ole valitud.
incident-opened = avatud { $at }, alus: { $by }
incident-aliases = ka { $ids }
opened-forecast = prognoos
opened-crossing = piiri ületamine
opened-notice = partneri teade
opened-partner = partneri teade
opened-person = inimene
thread-none = Veel mitte üheski kanalis.
thread-at-home = meil
thread-state = { $partner }: { $state }
unread = lugemata sõnum
says-all = Kogu sisu
unofficial = mitteametlik
serial = nr { $serial }
in-reply-to = vastus { $serial }
rule-title = Reegel, mis seda lubas
received = saadud
read = loetud
answered = vastatud
not-received = saamata
not-read = lugemata
not-answered = vastamata
gist-lost = jälgimine katkes, otsida { $radius } raadiuses
act-ack = Kinnita
act-reply = Vasta
act-query = Küsi
act-notice = Teata
act-close = Sulge
act-agree-close = Nõustu sulgema
act-disagree-close = Ei nõustu
act-close-alone = Sulge üksi

## Warnings

warnings-title = Hoiatused elanikele
warning-issue = Anna välja …
warning-proposed = ettepanek { $at }
warning-issued = välja antud { $at }
warning-ended = lõppenud { $at }
warning-impact = seal { $left } pärast
warning-here = juba seal

## Forms

form-reply = Vastus: { $partner }
form-query = Päring: { $partner }
form-query-asks = Kas see objekt on teie oma või teile teada?
form-notice = Teade: { $partner }
form-close = Sulgemine: { $partner }
form-agree = Nõustu sulgemisega, { $partner }: { $outcome }
form-disagree = Sulge, kuid mitte nii, nagu ütleb { $partner }: { $outcome }
form-alone = Sulge ilma: { $partner }
form-home = Sulge juhtum
form-alone-asks = Midagi ei saadeta. Salvestisse jääb, et keegi teine ei nõustunud.
form-warning = { $level }: { $district }
form-warning-asks = Hoiatus läheb kohe vastutavale asutusele.
form-open = Ava juhtum: { $track }
form-open-asks = Menetluse tähtajad hakkavad jooksma ja kanalitele võidakse teatada.
form-status = Staatus: { $track }
form-remark = Mitteametlik märkus (ei ole kohustuslik)
form-send = Saada
form-issue = Anna kohe välja
form-sending = Saatmine …
form-cancel = Loobu
preview-title = { $partner } loeb
preview-held = Midagi ei edastataks: { $rule }
preview-hidden = Kinni peetud või ebatäpsem:
preview-missing = Vorm küsib veel: { $members }
message-missing = puudulik: puudub – { $members }
preview-type = Vorm
preview-rule = Lubab
say-object = Objekt
say-object-n = Objekt { $number }
say-place = Koht
say-crossing = Piiri ületamine
say-districts = Omavalitsused
say-phase = Etapp
say-question = Küsimus
say-answer = Vastus
say-outcome = Tulemus
say-objects = Objektid
say-first-observed-ms = Esimest korda nähtud
say-last-observed-ms = Viimati nähtud
say-agrees = Sulgemine
say-role = Lugenud
say-search-centre = Otsida ümber
say-search-radius-m = Otsingu raadius
say-number = Number
say-text = Märkus
said-nothing-to-read = Lugemata sõnumeid ei ole.
said-no-warning = Ükski hoiatus ei oota otsust.
said-read = Nr { $serial } märgitud loetuks
said-test = Side kontroll saadetud, { $channel }
said-done = Tehtud: { $what }
said-report = Teade vastu võetud

## Lines and feeds

line-up = toimib
line-amber = kontroll jäi ära
line-down = ei toimi
line-dormant = ei ole kasutusel
line-stopped = peatatud
line-voice = suuliselt
line-lone = ainult suuliselt ja paberil
line-queued = ootab: { $count }
line-channel = Kanal
line-state = Seisund
line-contact = Viimane ühendus
line-tested = Viimane kontroll
line-sent = Saadetud
line-receipted = Kättesaamine tõendatud
line-waiting = Ootab
line-got = Saadud
line-refusals = Tagasi lükatud
line-contradicts = { $partner } räägib endale vastu
contradiction-means = Partneri allkirjastatu ei sobi kokku sellega, mille ta varem allkirjastas. Tõend on alles; mis sobib, võetakse edasi vastu. Salvestage tõend, teatage juristile, küsige partnerilt suuliselt.
contradiction-size = sõnumeid: { $size }
contradiction-serial = järjenumber { $serial }
contradiction-save = Salvesta tõend
contradiction-see = Olen näinud
contradiction-seen = nähtud { $at }
contradiction-cleared = lahendatud { $at }
contradiction-forked = Kaks erinevat sama suurt logi
contradiction-rewritten = Kaks sõnumit ühe numbriga
contradiction-misplaced = Mujalt pärit sõnum
contradiction-back-dated = Dateeritud varasemaks kui tema enda eelmine sõnum
contradiction-continued = Jätkas logi, mille ta ise lõpetas
contradiction-wrong-opening = Alustas logi teisiti, kui eelmise lõpetas
contradiction-future-dated = Dateeritud tulevikku
contradiction-shrunken = Lühem logi, kui varem allkirjastas
contradiction-unproven = Logi ei tulene varem allkirjastatust
said-seen = Märgitud: nähtud
line-witnessed = Tunnistatud
line-witnessed-upto = { $size } (vaja { $required })
line-no-witness = kolmandat poolt ei ole
line-link = Ühendus
line-strangers = Tagasi lükatud pöördumised, mis ei ole partneritelt: { $counts }
link-refused = tagasi lükatud: { $counts }
next-keys-confirmed = järgmised võtmed on kinnitatud: redshank rotate
next-keys-awaited = partner on oma logi lõpetanud: võrrelge tema uusi võtmeid, muidu tema sõnumid ootavad
link-own-ends = meie sertifikaat lõpeb { $day }
link-partner-ends = partneri sertifikaat lõpeb { $day }
line-test = Kontrolli kohe
line-record = Ekspordi salvestis
line-compliance = Täitmine
feeds-title = Allikad
feeds-sum = { $count } (vaikib { $late })
feeds-refused = tagasi lükatud { $count }
feed-source = Allikas
feed-last = Viimane teade
feed-accepted = Vastu võetud
feed-refused = Tagasi lükatud
panel-lines = Liinid
panel-feeds = Allikad
panel-report = Teata vaatlusest
panel-help = Klahvid
panel-voice = Sisesta suuliselt saadud sõnum
panel-readout = Loe sõnum ette
panel-release = Mis ootab loa andjat
panel-shift = Vahetus

## By voice

voice-read = loe ette
voice-key-in = Sisesta …
voice-channel = Kanal
voice-count = Teatatud rühmi
voice-groups = Rühmad
voice-remark = Kes rääkis, millisel liinil
voice-take = Võta vastu
voice-taken = { $type } { $serial } suuliselt salvestatud
voice-hint = Kirjutage rühmad nii, nagu kuulete. Iga kaheksast rühmast rida kontrollitakse selle lõpus. Teadke, kelle hääl see on: kontroll leiab vead, kuid ei tõenda kedagi.
voice-again = Küsige uuesti: { $what }
voice-fault-symbol = üks märk rühmas { $places }
voice-fault-order = märkide järjekord rühmas { $places }
voice-fault-swapped = rühmad { $places } on vahetuses
voice-fault-row = rühmade { $places } rida
voice-fault-exercise = rühmad { $places }: õppus päris töös või päris töö õppusel
voice-says = Sisu
voice-unspoken = Ette ei loeta
voice-say-first = Öelge kõigepealt: „{ $opening }“. Seejärel iga rühm märk-märgilt, ilma selle numbrita. { $seconds } s.
voice-check = kontroll
voice-noted-out = Ette loetud
voice-noted-back = Õigesti korratud
voice-print = Prindi (PDF)
voice-said-out = Märgitud: { $serial } ette loetud
voice-said-back = Märgitud: { $serial } korratud
voice-statements = Suuliselt öeldud
voice-said = suuliselt öeldi
voice-signed = allkirjastati
voice-heard = suuliselt, veel allkirjastamata
voice-confirmed = suuliselt kuuldud, kinnitatud
voice-differs = suuliselt öeldi teisiti
voice-withdrawn = suuliselt; allkirjastatud sõnum on teine
voice-unsigned = suuliselt, ei allkirjastata
lone-title = { $partner }: ainult suuliselt ja paberil
lone-means = Poolel { $partner } ei ole sõlme ega võtmeid. Mida siin ütlete, allkirjastatakse teie logis ja tuleb ette lugeda või paberil üle anda. Miski, mida ütleb { $partner }, ei ole allkirjastatud: sisestage see, teadke, kelle hääl see on, hoidke paber alles.
lone-thread = { $partner } on kättesaadav ainult suuliselt ja paberil; miski sealt öeldust ei ole allkirjastatud
by-voice-title = { $partner }: suuliselt, kuni liin ei toimi
by-voice-means = Sõlme aadressi ei ole määratud. Lugege need sõnumid ette; need toimetatakse kohale, kui liin tekib.
to-read-count = ette lugeda: { $count }
to-read-by = ette lugeda hiljemalt { $at }
to-read-back = ette loetud { $at }, kordamata
to-read-none = Kõik on ette loetud ja korratud või vastatud.
not-heard = { $partner } on kasutanud neid numbreid ja keegi siin ei ole kuulnud, mida öeldi: { $serials }. Küsige neid.
not-read-out = ette lugemata
no-receipts = ei saa olla
voice-not-driven = menetlus ei astunud sammu
standing-unsigned = ei allkirjastata: partneril ei ole võtmeid
standing-waiting = ootab allkirjastatud sõnumit
standing-confirmed = kinnitatud
standing-differs = ERINEB: kehtib allkirjastatud sõnum
read-out = ette loetud
read-back = korratud
said-nothing-sent = Siin ei ole meie sõnumeid, mida ette lugeda

## A person's report

report-says = Nähtud, näiteks: 3 km Šumskasest põhjas, lendab läände.
report-reporter = Kes nägi
report-minutes = Mitu minutit tagasi
report-distance = Kaugus, km
report-direction = Suund kohast
report-reference = Koht
report-heading = Lennusuund
report-speed = Kiirus
report-height = Kõrgus
report-what = Mis
report-count = Mitu
report-remark = Märkus (mitteametlik)
report-unknown = teadmata
report-send = Anna üle
reporter-border-guard = piirivalvur
reporter-police = politsei
reporter-resident = elanik
reporter-acoustic = akustiline andur
reporter-officer = ohvitser
speed-hovering = hõljub
speed-slow = aeglane (nagu auto linnas)
speed-medium = keskmine (nagu väikelennuk)
speed-fast = kiire (nagu reaktiivlennuk)
height-treetop = puulatvade kõrgusel
height-low = madalal
height-medium = keskmisel kõrgusel
height-high = kõrgel
wind-n = põhi
wind-nne = põhjakirre
wind-ne = kirre
wind-ene = idakirre
wind-e = ida
wind-ese = idakagu
wind-se = kagu
wind-sse = lõunakagu
wind-s = lõuna
wind-ssw = lõunaedel
wind-sw = edel
wind-wsw = lääneedel
wind-w = lääs
wind-wnw = lääneloe
wind-nw = loe
wind-nnw = põhjaloe

reason-no-answer = Sõlm ei vastanud
stale = vana teade, teel { $age }

## Keys

help-digits = vali juhtum või avatud vormi vastus
help-arrows = järgmine või eelmine juhtum
help-warning = järgmine otsust ootav hoiatus
help-escape = loobu, sulge, tagasi

## Coming in

enter-log-in = Logi sellesse sõlme sisse.
enter-enrol = { $name }, selle lingiga saad ühe korra registreeruda nimega „{ $person }“. Vali, kuidas edaspidi sisse logid.
enter-passkey = Pääsuvõti
enter-passkey-means = Võti selles arvutis, telefonis või pulgal, avatakse sõrme või PIN-iga. Midagi ei pea meeles pidama ja ükski leht ei saa seda välja petta.
enter-make-passkey = Loo pääsuvõti
enter-use-passkey = Logi sisse pääsuvõtmega
enter-no-passkeys = Pääsuvõtmed on seotud nimega: ava pult nime, mitte numbri järgi.
enter-code = Parool ja kood
enter-make-code = Vali parool ja koodid
enter-code-key = Võti sinu koodirakendusele:
enter-code-open = ava selles seadmes
enter-your-person = Kes sa oled
enter-your-password = Parool
enter-your-code = Kood
enter-code-means = Paroolis on vähemalt 12 märki; koodi näitab rakendus praegu.
enter-finish = Registreeru
enter-go = Logi sisse
enter-national = Riiklik sisselogimine
enter-use-national = Logi seal sisse
enter-lost = Võti või telefon kadunud? Administraator laseb uuesti registreeruda.

## People, release, shift

top-no-shift = Vahetuses pole kedagi
top-leave = Logi välja
preview-asks = Reegel küsib loa andjalt (isikuid: { $persons }): teade on kinni, kuni on öeldud „jah“.
release-none = Midagi ei oota.
release-ended = Vastatud või hiljaks jäänud
release-policy = Kehtiv poliitika: { $name }, reegleid { $rules },
release-since = alates { $at },
release-why = Reegel { $rule } küsib; isikuid: { $persons }.
release-reasons = Miks see reegel: reeglid järjekorras
release-yes = Öeldud „jah“: { $given }
release-observed = Vaadeldud
release-approve = Jah, lase välja
release-refuse = Ei
release-no-why = Miks mitte (ei ole kohustuslik)
release-waits = Vastata tohib ainult loa andja.
said-approved = Küsimus { $number }: sinu „jah“ on kirjas
said-refused = Küsimus { $number }: sinu „ei“ on kirjas
held-waiting = ootab
held-sent = saadetud
held-refused = keelatud
held-lapsed = keegi ei öelnud õigel ajal „jah“
held-replaced = küsitakse uuesti
held-withdrawn = enam ei küsita
shift-nobody = Vahetuses pole kedagi.
shift-take = Võta vahetus üle
shift-since = on vahetuses alates { $at }
shift-taken-over = võetud ilma üleandmiseta
shift-offer = Paku vahetust järgmisele ametnikule
shift-offered = { $person } pakkus seda { $at } ja vastutab, kuni kõik see on vastu võetud:
shift-next = { $person } võtab vastu.
shift-home = kodus
shift-accept = Võta vastu
shift-accept-all = Võta kõik vastu ({ $count }) ja alusta vahetust
shift-why = Miks ilma üleandmiseta
shift-take-over = Võta ilma üleandmiseta
said-shift-taken = Sina oled vahetuses
said-shift-offered = Vahetus on pakutud
said-shift-accepted = Vastu võetud

## The exercise director's page

director-title = Õppuse juht
director-waiting = Juhi serveri ootamine …
director-lost = ÜHENDUST EI OLE, { $seconds } s
director-phase-choosing = valige öö
director-phase-starting = käivitub
director-phase-running = käib
director-phase-paused = peatatud
director-phase-finished = lõppenud
director-phase-failed = ebaõnnestus
director-choose = Milline öö?
director-documented = Dokumenteeritud
director-invented = Välja mõeldud
director-objects = { $count ->
    [one] { $count } objekt
   *[other] { $count } objekti
}
director-speed = Kiirus
director-seats = Kus istub inimene (mujal robot)
director-start = Alusta
director-pause = Peata
director-resume = Jätka
director-again = Teine öö …
director-nodes = Sõlmed
director-console = pult
director-authority = luba
director-up = toimib
director-down = EI TOIMI
director-counts = avatud { $incidents }, jälgitavaid { $tracks }
director-shows = Näita
director-truth = tegelikkus
director-false = väär objekt
director-events = Käik
seat-robot = robot
seat-person = inimene
ticker-truth = tegelikkus
ticker-notice = teade
ticker-warning = hoiatus
ticker-procedure = menetlus
ticker-fault = rike
ticker-seat = koht
ended-impact = alla kukkunud
ended-found = leitud
ended-left = lahkus alalt
ended-shot-down = alla tulistatud
ended-ended = lõppenud
score-object = Objekt
score-place = Kus
score-noticed = Teatatud
score-crossed = Ületas piiri
score-notice-lead = Teate ajavaru
score-warned = Tehti ettepanek hoiatada
score-impact = Kukkus alla
score-warning-lead = Hoiatuse ajavaru
score-documented = Mis tegelikult juhtus
score-none = Tulemus täitub öö jooksul.

## The report of compliance and reciprocity (compliance.html)

compliance-title = Täitmine ja vastastikkus
compliance-channel = Kanal
compliance-from = Alates (UTC)
compliance-until = Kuni (UTC)
compliance-last-day = viimased 24 tundi
compliance-last-week = viimased 7 päeva
compliance-this-month = see kuu
compliance-last-month = eelmine kuu
compliance-ever = algusest peale
compliance-show = Näita
compliance-working = Arvutatakse …
compliance-bad-time = Kirjutage aeg nii: 2026-05-07 01:00
compliance-save = Salvesta kujul
compliance-json-means = JSON-faili arvutavad mõlemad pooled ühtemoodi: võrrelge oma partneri omaga.
compliance-not-sent = Mida ei saadetud ja millise reegli järgi: redshank release audit selles sõlmes.
compliance-refused = Aruannet ei ole: { $why }
compliance-back = Pult

## The life of an agreement

line-suspended = peatatud
line-ended = lõppenud
type-agreement-suspended = Kokkulepe peatatud
type-agreement-resumed = Kokkulepe kehtib jälle
type-agreement-ended = Kokkulepe lõpetatud
agreement-dormant = ei ole kasutusel: öeldakse ainult side kontrolle
agreement-active = kehtib
agreement-suspended = peatatud: juhtumitest midagi ei öelda
agreement-ended = lõpetatud: avatu tuleb sulgeda
agreement-kind-exercise = õppuse
agreement-kind-bilateral = kahepoolne
agreement-by-file = ainult faili järgi
agreement-text = Tekst { $text }, { $kind }.
agreement-suspended-by = Peatas { $party }, kes ainsana võib jätkata.
agreement-partner-waits = { $partner } on jõustanud { $text }; meie mitte.
agreement-since = Seisab alates { $at }.
agreement-differs = Kaks teksti: meie jõustasime { $own }, partner { $partner }. Sellega ei kehti midagi.
agreement-review = Ülevaatamise tähtaeg on möödas: pooled võlgnevad selle teineteisele.
agreement-file = Meie failis on teine tekst ({ $own }); { $text } kehtib, kuni mõlemad pooled on uue jõustanud.
agreement-waiting = Partneri sõnumeid, mis saabusid meie peatamise ajal: { $count }. Need hoitakse alles, nende järgi ei tegutseta.
agreement-ends = Lõpeb { $at } UTC.
agreement-voice = ainult suuliselt
agreement-again = Vajutage viie sekundi jooksul uuesti, et kinnitada
agreement-confirm = Vajutage uuesti: { $act }
agreement-do-activate = Jõusta
agreement-do-suspend = Peata
agreement-do-resume = Jätka
agreement-do-end = Lõpeta
agreement-done = { $act }: { $channel }
effect-waits = teine pool ei ole ühinenud
effect-other-text = teine tekst: ei jõustu
effect-too-late = lõppenud ajast
effect-by-voice = ootab allkirjastatud sõnumit
why-ordered = korraldus
why-technical = tehniline
why-keys-in-doubt = võtmetes kaheldakse
why-misuse = väärkasutus
why-no-reason-given = põhjust ei ole öeldud
why-expired = tähtaeg möödas
why-replaced = asendatud
why-breach = rikkumine
why-withdrawn = tagasi võetud
## Fields of statements of our own doing and findings

field-from-ms = alates (UTC)
field-radius-m = raadius, m
field-found-ms = leitud (UTC)
field-bytes = suurus, baiti
field-obtained-ms = saadud (UTC)
field-lat = laius
field-lon = pikkus
