### Texts of the console and of the exercise director's page, Lithuanian. Codes are those of the wire and of the view.

waiting = Laukiama mazgo …
close = Uždaryti
exercise = PRATYBOS
clock-rate = laikrodis × { $rate }
clock-paused = laikrodis sustabdytas
never = niekada
weekday-0 = sk
weekday-1 = pr
weekday-2 = an
weekday-3 = tr
weekday-4 = kt
weekday-5 = pn
weekday-6 = št
unit-seconds = { $value } s
unit-minutes = { $value } min
unit-hours = { $value } val.

## Top bar

due-none = Nieko neskolingi
due-us = Mūsų pareiga: { $what }
due-us-to = Mūsų pareiga: { $what } → { $partner }
due-partner = { $partner } pareiga: { $what }
link-live = gyvai
link-paused = gyvai, laikrodis sustabdytas
link-stale = VAIZDAS PASENĘS { $seconds } s
link-lost = NĖRA RYŠIO SU MAZGU, { $seconds } s
top-report = Pranešti apie stebėjimą
top-theme = Tamsus ar šviesus
top-help = Klavišai
top-language = Kalba

## Queue

queue-title = Įvykiai
queue-empty = Atvirų įvykių nėra.
queue-more = ir dar { $count }
queue-show-closed = Rodyti užbaigtus ({ $count })
queue-hide-closed = Slėpti užbaigtus
incident-phase-open = atviras
incident-phase-closing = užbaigiamas
incident-phase-closed = užbaigtas
no-crossing = per 60 min sienos kirtimo neprognozuojama
window = 10–90 %: { $window } · { $at } · ruože { $stretch }
overdue = PAVĖLUOTA
owner-us = Mūsų pareiga:
owner-partner = { $partner } pareiga:
escalated = → { $step }
warnings-proposed = { $count ->
    [one] { $count } perspėjimas laukia sprendimo
    [few] { $count } perspėjimai laukia sprendimo
   *[other] { $count } perspėjimų laukia sprendimo
}

## Map

map-mine = Mano vaizdas
map-theirs = Ką mato { $partner }
map-fit = Rodyti įvykį
sees-title = Ką jie mato
sees-mine = tik mano
sees-sum = { $partner }: perduodama { $released }, sulaikyta { $held }
sees-released = perduodama
sees-held = sulaikyta
sees-same = kaip mano vaizde
legend-own = savas sekamas objektas
legend-received = gautas iš partnerio
legend-fused = sujungtas, keli stebėtojai
legend-search = pamestas: paieškos plotas 90 %
legend-stretch = kirtimo ruožas 80 %
legend-district = savivaldybė kelyje
track-held = Laikomas
track-kind = Sekamas objektas
track-place = Vieta
track-motion = Judėjimas
track-sure = Elipsė
track-age = Paskutinis pranešimas
track-sources = { $count ->
    [one] { $count } šaltinis
    [few] { $count } šaltiniai
   *[other] { $count } šaltinių
}
track-open = Pradėti įvykį
track-status = Nustatyti būklę
kind-own = savas ({ $observer })
kind-received = gautas, { $observer }
kind-fused = sujungtas: { $parts }
field-position = vieta
field-position-wgs84 = vieta
field-accuracy-m = tikslumas
field-altitude-m = aukštis
field-altitude = aukštis
field-course-deg = kursas
field-course = kursas
field-speed-kmh = greitis
field-speed = greitis
field-status = būklė
field-time = laikas
field-at = vieta
field-sources = šaltiniai
field-track = visas sekamas objektas
field-track-id = objekto numeris
field-reports = pranešimų skaičius
field-covariance = elipsė
field-trail = pėdsakas
field-forecast = prognozė
field-crossing = sienos kirtimas
field-districts = savivaldybės
field-observed-ms = stebėjimo laikas
field-search-radius-m = paieškos plotas
field-answer = atsakymas iš esmės
field-outcome = kaip baigėsi
field-objects = objektų skaičius
field-until-ms = numatoma pabaiga
field-floor-m = apatinė riba
field-ceiling-m = viršutinė riba
field-object = objektas
field-find = radinys, su kuriuo susiję
life-tentative = preliminarus
life-live = sekamas
life-lost = PAMESTAS
life-ended = baigtas

## Incident

incident-none = Įvykis nepasirinktas.
incident-opened = pradėta { $at }, pagal: { $by }
incident-aliases = taip pat { $ids }
opened-forecast = prognozė
opened-crossing = sienos kirtimas
opened-notice = partnerio pranešimas
opened-partner = partnerio pranešimas
opened-person = žmogus
thread-none = Dar jokiame kanale.
thread-at-home = namie
thread-state = { $partner }: { $state }
unread = neperskaitytas pranešimas
says-all = Visas turinys
unofficial = neoficialu
serial = Nr. { $serial }
in-reply-to = dėl { $serial }
rule-title = Taisyklė, pagal kurią perduota
received = gauta
read = perskaityta
answered = atsakyta
not-received = negauta
not-read = neperskaityta
not-answered = neatsakyta
gist-lost = sekimas nutrūko, ieškoti { $radius } spinduliu
act-ack = Patvirtinti
act-reply = Atsakyti
act-query = Klausti
act-notice = Pranešti
act-close = Užbaigti
act-agree-close = Sutikti užbaigti
act-disagree-close = Nesutikti
act-close-alone = Užbaigti vieniems

## Warnings

warnings-title = Perspėjimai gyventojams
warning-issue = Skelbti …
warning-proposed = pasiūlyta { $at }
warning-issued = paskelbta { $at }
warning-ended = baigta { $at }
warning-impact = ten po { $left }
warning-here = jau ten

## Forms

form-reply = Atsakymas: { $partner }
form-query = Užklausa: { $partner }
form-query-asks = Ar šis objektas jūsų, ar jums žinomas?
form-notice = Pranešimas: { $partner }
form-close = Užbaigimas: { $partner }
form-agree = Sutikti užbaigti su { $partner }: { $outcome }
form-disagree = Užbaigti, bet ne taip, kaip sako { $partner }: { $outcome }
form-alone = Užbaigti be { $partner }
form-home = Užbaigti įvykį
form-alone-asks = Nieko nesiunčiama. Įraše lieka, kad niekas kitas nesutiko.
form-warning = { $level }: { $district }
form-warning-asks = Perspėjimas iškart siunčiamas atsakingai institucijai.
form-open = Pradėti įvykį: { $track }
form-open-asks = Pradedami skaičiuoti procedūros terminai, gali būti pranešta kanalais.
form-status = Būklė: { $track }
form-remark = Neoficiali pastaba (nebūtina)
form-send = Siųsti
form-issue = Skelbti dabar
form-sending = Siunčiama …
form-cancel = Atšaukti
preview-title = { $partner } perskaitys
preview-held = Niekas nebūtų perduota: { $rule }
preview-hidden = Sulaikyta arba mažiau tikslu:
preview-missing = Forma dar prašo: { $members }
message-missing = neišsamu: trūksta – { $members }
preview-type = Forma
preview-rule = Perdavimo taisyklė
say-object = Objektas
say-object-n = Objektas { $number }
say-place = Vieta
say-crossing = Sienos kirtimas
say-districts = Savivaldybės
say-phase = Etapas
say-question = Klausimas
say-answer = Atsakymas
say-outcome = Baigtis
say-objects = Objektai
say-first-observed-ms = Pirmą kartą stebėta
say-last-observed-ms = Paskutinį kartą stebėta
say-agrees = Užbaigimas
say-role = Perskaitė
say-search-centre = Ieškoti aplink
say-search-radius-m = Paieškos spindulys
say-number = Numeris
say-text = Pastaba
said-nothing-to-read = Neperskaitytų pranešimų nėra.
said-no-warning = Sprendimo laukiančių perspėjimų nėra.
said-read = Nr. { $serial } pažymėtas perskaitytu
said-test = Ryšio patikra išsiųsta, { $channel }
said-done = Padaryta: { $what }
said-report = Pranešimas priimtas

## Lines and feeds

line-up = veikia
line-amber = patikra praleista
line-down = neveikia
line-dormant = nenaudojamas
line-stopped = sustabdytas
line-voice = balsu
line-lone = tik balsu ir popieriuje
line-queued = laukia: { $count }
line-channel = Kanalas
line-state = Būsena
line-contact = Paskutinis ryšys
line-tested = Paskutinė patikra
line-sent = Išsiųsta
line-receipted = Gavimas patvirtintas
line-waiting = Laukia
line-got = Gauta
line-refusals = Atmesta
line-contradicts = { $partner } prieštarauja pats sau
contradiction-means = Ką partneris pasirašė, nedera su tuo, ką pasirašė anksčiau. Įrodymas saugomas; kas dera, toliau priimama. Išsaugokite įrodymą, praneškite teisininkui, paklauskite partnerio balsu.
contradiction-size = pranešimų: { $size }
contradiction-serial = eilės numeris { $serial }
contradiction-save = Išsaugoti įrodymą
contradiction-see = Mačiau
contradiction-seen = matyta { $at }
contradiction-cleared = išspręsta { $at }
contradiction-forked = Du skirtingi vienodo dydžio žurnalai
contradiction-rewritten = Du pranešimai vienu numeriu
contradiction-misplaced = Pranešimas ne iš čia
contradiction-back-dated = Data ankstesnė už jo paties ankstesnį pranešimą
contradiction-continued = Tęsė žurnalą, kurį buvo užbaigęs
contradiction-wrong-opening = Pradėjo žurnalą kitaip, nei baigė ankstesnį
contradiction-future-dated = Data ateityje
contradiction-shrunken = Trumpesnis žurnalas, nei pasirašė anksčiau
contradiction-unproven = Žurnalas neišplaukia iš to, ką pasirašė anksčiau
said-seen = Pažymėta: matyta
line-witnessed = Paliudyta
line-witnessed-upto = { $size } (reikia { $required })
line-no-witness = trečiosios šalies nėra
line-link = Jungtis
line-strangers = Atmesti kreipiniai ne iš partnerių: { $counts }
link-refused = atmesta: { $counts }
next-keys-confirmed = kiti raktai patvirtinti: redshank rotate
next-keys-awaited = partneris užbaigė savo žurnalą: sutikrinkite jo naujus raktus, kitaip jo pranešimai laukia
link-own-ends = mūsų sertifikatas baigiasi { $day }
link-partner-ends = partnerio sertifikatas baigiasi { $day }
line-test = Tikrinti dabar
line-record = Eksportuoti įrašą
line-compliance = Laikymasis
feeds-title = Šaltiniai
feeds-sum = { $count } (tyli { $late })
feeds-refused = atmesta { $count }
feed-source = Šaltinis
feed-last = Paskutinis pranešimas
feed-accepted = Priimta
feed-refused = Atmesta
panel-lines = Linijos
panel-feeds = Šaltiniai
panel-report = Pranešti apie stebėjimą
panel-help = Klavišai
panel-voice = Įvesti balsu gautą pranešimą
panel-readout = Perskaityti pranešimą balsu
panel-release = Kas laukia leidžiančiosios institucijos
panel-shift = Pamaina

## By voice

voice-read = perskaityti balsu
voice-key-in = Įvesti …
voice-channel = Kanalas
voice-count = Paskelbta grupių
voice-groups = Grupės
voice-remark = Kas kalbėjo, kokia linija
voice-take = Priimti
voice-taken = { $type } { $serial } balsu įrašyta
voice-hint = Rašykite grupes, kaip girdite. Kiekviena aštuonių grupių eilutė patikrinama jos gale. Žinokite, kieno tai balsas: patikra randa klaidas, bet tapatybės neįrodo.
voice-again = Paklauskite dar kartą: { $what }
voice-fault-symbol = vienas { $places } grupės ženklas
voice-fault-order = { $places } grupės ženklų tvarka
voice-fault-swapped = sukeistos grupės { $places }
voice-fault-row = grupių { $places } eilutė
voice-fault-exercise = grupės { $places }: pratybos tikrame darbe arba tikras darbas pratybose
voice-says = Turinys
voice-unspoken = Neskaitoma
voice-say-first = Pirmiausia sakykite: „{ $opening }“. Tada kiekvieną grupę po vieną ženklą, be jos numerio. { $seconds } s.
voice-check = kontrolė
voice-noted-out = Perskaityta
voice-noted-back = Pakartota teisingai
voice-print = Spausdinti (PDF)
voice-said-out = Pažymėta: { $serial } perskaityta
voice-said-back = Pažymėta: { $serial } pakartota
voice-statements = Pasakyta balsu
voice-said = balsu pasakyta
voice-signed = pasirašyta
voice-heard = balsu, dar nepasirašyta
voice-confirmed = išgirsta balsu, patvirtinta
voice-differs = balsu pasakyta kitaip
voice-withdrawn = balsu; pasirašytas kitas pranešimas
voice-unsigned = balsu, niekada nepasirašoma
lone-title = { $partner }: tik balsu ir popieriuje
lone-means = { $partner } neturi nei mazgo, nei raktų. Ką čia pasakote, pasirašoma jūsų žurnale ir turi būti perskaityta balsu arba įteikta popieriuje. Niekas, ką sako { $partner }, nepasirašyta: įveskite, žinokite, kieno tai balsas, saugokite popierių.
lone-thread = { $partner } pasiekiamas tik balsu ir popieriumi; niekas, ką jis sako, nepasirašyta
by-voice-title = { $partner }: balsu, kol pradės veikti linija
by-voice-means = Mazgo adresas nenustatytas. Perskaitykite šiuos pranešimus balsu; jie bus pristatyti, kai bus linija.
to-read-count = perskaityti: { $count }
to-read-by = perskaityti iki { $at }
to-read-back = perskaityta { $at }, nepakartota
to-read-none = Viskas perskaityta ir pakartota arba atsakyta.
not-heard = { $partner } panaudojo šiuos numerius, o čia niekas negirdėjo, kas pasakyta: { $serials }. Paprašykite jų.
not-read-out = neperskaityta balsu
no-receipts = negali būti
voice-not-driven = procedūra nepasistūmėjo
standing-unsigned = niekada nepasirašoma: partneris neturi raktų
standing-waiting = laukia pasirašyto pranešimo
standing-confirmed = patvirtinta
standing-differs = SKIRIASI: galioja pasirašytas pranešimas
read-out = perskaityta balsu
read-back = pakartota
said-nothing-sent = Čia nėra mūsų pranešimų, kuriuos reikėtų perskaityti

## A person's report

report-says = Matyta, pavyzdžiui: 3 km į šiaurę nuo Šumsko, skrenda į vakarus.
report-reporter = Kas matė
report-minutes = Prieš kiek minučių
report-distance = Atstumas, km
report-direction = Kryptis nuo vietovės
report-reference = Vietovė
report-heading = Skrydžio kryptis
report-speed = Greitis
report-height = Aukštis
report-what = Kas
report-count = Kiek
report-remark = Pastaba (neoficiali)
report-unknown = nežinoma
report-send = Pateikti
reporter-border-guard = pasienietis
reporter-police = policija
reporter-resident = gyventojas
reporter-acoustic = akustinis jutiklis
reporter-officer = pareigūnas
speed-hovering = kybo
speed-slow = lėtai (kaip automobilis mieste)
speed-medium = vidutiniškai (kaip lengvas lėktuvas)
speed-fast = greitai (kaip reaktyvinis lėktuvas)
height-treetop = medžių viršūnės
height-low = žemai
height-medium = vidutiniškai
height-high = aukštai
wind-n = šiaurė
wind-nne = šiaurė šiaurės rytai
wind-ne = šiaurės rytai
wind-ene = rytai šiaurės rytai
wind-e = rytai
wind-ese = rytai pietryčiai
wind-se = pietryčiai
wind-sse = pietūs pietryčiai
wind-s = pietūs
wind-ssw = pietūs pietvakariai
wind-sw = pietvakariai
wind-wsw = vakarai pietvakariai
wind-w = vakarai
wind-wnw = vakarai šiaurės vakarai
wind-nw = šiaurės vakarai
wind-nnw = šiaurė šiaurės vakarai

reason-no-answer = Mazgas neatsakė
stale = sena žinia, kelyje { $age }

## Keys

help-digits = pasirinkti įvykį arba atviros formos atsakymą
help-arrows = kitas arba ankstesnis įvykis
help-warning = kitas sprendimo laukiantis perspėjimas
help-escape = atšaukti, uždaryti, atgal

## Coming in

enter-log-in = Prisijunkite prie šio mazgo.
enter-enrol = { $name }, šia nuoroda galite vieną kartą užsiregistruoti kaip „{ $person }“. Pasirinkite, kaip prisijungsite nuo šiol.
enter-passkey = Prieigos raktas
enter-passkey-means = Raktas šiame kompiuteryje, telefone ar laikmenoje, atrakinamas pirštu arba PIN kodu. Nieko nereikia atsiminti, ir joks puslapis jo neišvilios.
enter-make-passkey = Sukurti prieigos raktą
enter-use-passkey = Prisijungti prieigos raktu
enter-no-passkeys = Prieigos raktai susieti su vardu: atverkite pultą vardu, ne skaitmenimis.
enter-code = Slaptažodis ir kodas
enter-make-code = Pasirinkti slaptažodį ir kodus
enter-code-key = Raktas jūsų kodų programai:
enter-code-open = atverti šiame įrenginyje
enter-your-person = Kas jūs
enter-your-password = Slaptažodis
enter-your-code = Kodas
enter-code-means = Slaptažodį sudaro bent 12 ženklų; kodą dabar rodo programa.
enter-finish = Užsiregistruoti
enter-go = Prisijungti
enter-national = Valstybinis prisijungimas
enter-use-national = Prisijungti ten
enter-lost = Pametėte raktą ar telefoną? Administratorius leis registruotis iš naujo.

## People, release, shift

top-no-shift = Pamainoje nieko nėra
top-leave = Atsijungti
preview-asks = Taisyklė klausia leidžiančiosios institucijos (asmenų: { $persons }): pranešimas sulaikytas, kol bus pasakyta „taip“.
release-none = Niekas nelaukia.
release-ended = Atsakyta arba ne laiku
release-policy = Galiojanti politika: { $name }, taisyklių { $rules },
release-since = nuo { $at },
release-why = Taisyklė { $rule } klausia; asmenų: { $persons }.
release-reasons = Kodėl ši taisyklė: taisyklės iš eilės
release-yes = Pasakyta „taip“: { $given }
release-observed = Stebėta
release-approve = Taip, išleisti
release-refuse = Ne
release-no-why = Kodėl ne (nebūtina)
release-waits = Atsakyti gali tik leidžiančioji institucija.
said-approved = Klausimas { $number }: jūsų „taip“ įrašytas
said-refused = Klausimas { $number }: jūsų „ne“ įrašytas
held-waiting = laukia
held-sent = išsiųsta
held-refused = atsisakyta
held-lapsed = laiku niekas nepasakė „taip“
held-replaced = klausiama iš naujo
held-withdrawn = nebeklausiama
shift-nobody = Pamainoje nieko nėra.
shift-take = Perimti pamainą
shift-since = pamainoje nuo { $at }
shift-taken-over = perimta be perdavimo
shift-offer = Siūlyti pamainą kitam pareigūnui
shift-offered = { $person } pasiūlė ją { $at } ir atsako, kol visa tai bus priimta:
shift-next = { $person } priima.
shift-home = namuose
shift-accept = Priimti
shift-accept-all = Priimti viską ({ $count }) ir perimti pamainą
shift-why = Kodėl be perdavimo
shift-take-over = Perimti be perdavimo
said-shift-taken = Jūs pamainoje
said-shift-offered = Pamaina pasiūlyta
said-shift-accepted = Priimta

## The exercise director's page

director-title = Pratybų vadovas
director-waiting = Laukiama vadovo serverio …
director-lost = NĖRA RYŠIO, { $seconds } s
director-phase-choosing = pasirinkite naktį
director-phase-starting = pradedama
director-phase-running = vyksta
director-phase-paused = sustabdyta
director-phase-finished = baigta
director-phase-failed = nepavyko
director-choose = Kuri naktis?
director-documented = Dokumentuota
director-invented = Išgalvota
director-objects = { $count ->
    [one] { $count } objektas
    [few] { $count } objektai
   *[other] { $count } objektų
}
director-speed = Greitis
director-seats = Kur sėdi žmogus (kitur – robotas)
director-start = Pradėti
director-pause = Sustabdyti
director-resume = Tęsti
director-again = Kita naktis …
director-nodes = Mazgai
director-console = pultas
director-authority = leidimas
director-up = veikia
director-down = NEVEIKIA
director-counts = atvirų { $incidents }, sekamų { $tracks }
director-shows = Rodyti
director-truth = tikrovė
director-false = netikras objektas
director-events = Eiga
seat-robot = robotas
seat-person = žmogus
ticker-truth = tikrovė
ticker-notice = pranešimas
ticker-warning = perspėjimas
ticker-procedure = procedūra
ticker-fault = gedimas
ticker-seat = vieta
ended-impact = nukrito
ended-found = rasta
ended-left = paliko rajoną
ended-shot-down = numušta
ended-ended = baigta
score-object = Objektas
score-place = Kur
score-noticed = Pranešta
score-crossed = Kirto sieną
score-notice-lead = Pranešimo laiko atsarga
score-warned = Pasiūlyta perspėti
score-impact = Nukrito
score-warning-lead = Perspėjimo laiko atsarga
score-documented = Kas iš tikrųjų įvyko
score-none = Rezultatai pildosi nakčiai einant.

## The report of compliance and reciprocity (compliance.html)

compliance-title = Laikymasis ir abipusiškumas
compliance-channel = Kanalas
compliance-from = Nuo (UTC)
compliance-until = Iki (UTC)
compliance-last-day = paskutinės 24 valandos
compliance-last-week = paskutinės 7 dienos
compliance-this-month = šis mėnuo
compliance-last-month = praėjęs mėnuo
compliance-ever = nuo pradžios
compliance-show = Rodyti
compliance-working = Skaičiuojama …
compliance-bad-time = Laiką rašykite taip: 2026-05-07 01:00
compliance-save = Įrašyti kaip
compliance-json-means = JSON failą abi šalys apskaičiuoja vienodai: palyginkite savąjį su partnerio.
compliance-not-sent = Kas neišsiųsta ir pagal kurią taisyklę: redshank release audit šiame mazge.
compliance-refused = Ataskaitos nėra: { $why }
compliance-back = Pultas

## The life of an agreement

line-suspended = sustabdytas
line-ended = baigtas
type-agreement-suspended = Susitarimas sustabdytas
type-agreement-resumed = Susitarimas vėl galioja
type-agreement-ended = Susitarimas baigtas
agreement-dormant = nenaudojamas: sakomos tik ryšio patikros
agreement-active = galioja
agreement-suspended = sustabdytas: apie įvykius nieko nesakoma
agreement-ended = baigtas: kas atvira, užbaigiama
agreement-kind-exercise = pratybų
agreement-kind-bilateral = dvišalis
agreement-by-file = vien pagal failą
agreement-text = Tekstas { $text }, { $kind }.
agreement-suspended-by = Sustabdė { $party }; tik ji gali atnaujinti.
agreement-partner-waits = { $partner } įjungė { $text }; mes – ne.
agreement-since = Sustabdyta nuo { $at }.
agreement-differs = Du tekstai: mes įjungėme { $own }, partneris { $partner }. Dėl to niekas negalioja.
agreement-review = Peržiūros data praėjo: šalys turi ją atlikti.
agreement-file = Mūsų faile kitas tekstas ({ $own }); { $text } galioja, kol abi šalys įjungs naująjį.
agreement-waiting = Partnerio pranešimų, gautų mums sustabdžius: { $count }. Jie saugomi, pagal juos neveikiama.
agreement-ends = Baigiasi { $at } UTC.
agreement-voice = tik balsu
agreement-again = Per penkias sekundes paspauskite dar kartą, kad patvirtintumėte
agreement-confirm = Paspauskite dar kartą: { $act }
agreement-do-activate = Įjungti
agreement-do-suspend = Sustabdyti
agreement-do-resume = Atnaujinti
agreement-do-end = Baigti
agreement-done = { $act }: { $channel }
effect-waits = kita šalis neprisijungė
effect-other-text = kitas tekstas: neįjungiama
effect-too-late = iš jau pasibaigusio laikotarpio
effect-by-voice = laukia pasirašyto pranešimo
why-ordered = nurodyta
why-technical = techninė
why-keys-in-doubt = abejojama raktais
why-misuse = netinkamas naudojimas
why-no-reason-given = priežastis nenurodyta
why-expired = baigėsi galiojimas
why-replaced = pakeista
why-breach = pažeidimas
why-withdrawn = atšaukta
## Fields of statements of our own doing and findings

field-from-ms = nuo (UTC)
field-radius-m = spindulys, m
field-found-ms = rasta (UTC)
field-bytes = dydis, baitais
field-obtained-ms = gauta (UTC)
field-lat = platuma
field-lon = ilguma
