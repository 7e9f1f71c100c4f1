### Words for the codes of closed sets, Lithuanian. Codes are those of the wire, of the procedures and of the view.

## Parties and territories

party-lt = Lietuva
party-lv = Latvija
party-ee = Estija
party-pl = Lenkija
party-by = Baltarusija
party-ru = Rusija
party-ru-kgd = Kaliningrado sritis (Rusija)
party-ua = Ukraina
party-fi = Suomija
party-se = Švedija

## Types of messages

type-test = RYŠIO PATIKRA
type-test-reply = ATSAKYMAS Į RYŠIO PATIKRĄ
type-notice = PRANEŠIMAS
type-update = PATIKSLINIMAS
type-lost = SEKIMAS NUTRŪKO
type-query = UŽKLAUSA
type-reply = ATSAKYMAS
type-ack = PATVIRTINIMAS (perskaityta)
type-close = UŽBAIGIMAS
type-agree-close = ATSAKYMAS Į UŽBAIGIMĄ
type-log-end = ŽURNALO PABAIGA
type-log-open = ŽURNALO PRADŽIA
type-own-object = SAVAS OBJEKTAS
type-measure = PRIEMONĖ
type-find = RADINYS
type-evidence = ĮRODYMAS
type-negative = NIEKO NERASTA
type-warning = PERSPĖJIMAS
type-correct = TAISYMAS
type-cancel = ATŠAUKIMAS
type-activate = ĮJUNGIMAS
type-suspend = SUSTABDYMAS
type-resume = ATNAUJINIMAS
type-end = SUSITARIMO PABAIGA

## What an object is held to be

status-unknown = nežinomas
status-unidentified = nenustatytas
status-strayed = nuklydęs
status-uav = bepilotis orlaivis
status-balloon = oro balionas
status-aircraft = orlaivis
status-helicopter = sraigtasparnis
status-birds = paukščiai

## What the bodies of messages say

phase-possible = gali kirsti sieną
phase-crossing = kerta sieną
phase-crossed = kirto sieną
question-yours-or-known = Ar jis jūsų, ar jums žinomas?
answer-ours = Mūsų
answer-known = Mums žinomas
answer-unknown = Mums nežinomas
answer-no-information = Informacijos nėra
answer-cannot-say = Negalime pasakyti
outcome-crossed = Kirto sieną
outcome-did-not-cross = Sienos nekirto
outcome-identified = Nustatytas
outcome-lost = Pamestas
outcome-found = Rastas
outcome-no-further-information = Daugiau informacijos nėra
agrees-yes = sutikta
agrees-no = nesutikta, įrašyta
role-observer = stebėtojas
role-duty-officer = budintis pareigūnas
role-releasing-authority = leidimus perduoti duodantis pareigūnas
role-administrator = administratorius
level-possible = GALIMAS PAVOJUS
level-shelter = SLĖPKITĖS
level-all-clear = PAVOJUS PRAĖJO

## Where a procedure stands

state-at-home = niekam kitam nepranešta
state-quiet = dar nieko nepasakyta
state-drafted = turime pranešti
state-noticed = mūsų pranešimas išsiųstas
state-informed = jų pranešimas gautas
state-mutual = abi šalys pranešė
state-engaged = patvirtinta
state-closing = mūsų užbaigimas išsiųstas
state-unanswered = į mūsų užbaigimą neatsakyta
state-asked-to-close = jų užbaigimas gautas
state-closed = užbaigta
state-disputed = užbaigta nesutariant
state-many-seen = matyta daug, turime pranešti
state-told = mūsų pirmas pranešimas išsiųstas
state-aggrieved = atskrido iš jų, turime pranešti
state-complained = pareiškėme nusiskundimą
state-dropped = užbaigta nieko nepranešus
state-crossing-seen = kerta sieną, turime pranešti
state-testing = vyksta ryšio patikra
state-asked = jie paklausė
state-both = abi šalys tikrina ryšį
state-silent = neatsakyta, bandykite atsarginę liniją
state-answered = ryšys veikia
state-unheard = neatsakyta, bandyta atsargine linija
state-out-of-hand = mūsų objektas nevaldomas, turime apie tai pranešti
state-warned-alone = mūsų gyventojai perspėti, jie nežino kodėl
state-wondering = norime paklausti
state-asking = mes paklausėme
state-answering = klausimai ir atsakymai
state-track-lost = sekimas nutrūko, turime apie tai pranešti
state-searching = ieško abi šalys

## What is owed, and the steps of the ladder

owes-ack = patvirtinimas
owes-lost = pranešimas, kad sekimas nutrūko
owes-warning = sprendimas dėl perspėjimo
owes-reply = atsakymas
owes-receipt = gavimo patvirtinimas
owes-read-out = perskaitymas balsu
owes-update = patikslinimas
owes-notice = pranešimas
owes-close = užbaigimas
owes-agree-close = atsakymas į užbaigimą
owes-test-reply = atsakymas į ryšio patikrą
owes-count = naujas objektų skaičius
owes-question = klausimas
owes-finding = išvada
owes-position = vieta
owes-change = žinia apie pasikeitimą
owes-last-place = paskutinė vieta
owes-report = žinia iš atsarginės linijos
escalation-second-officer = pažadinti antrąjį pareigūną
escalation-alternate-line = naudoti atsarginę liniją (perskaityti balsu)
escalation-third-party-relay = prašyti, kad perduotų trečioji šalis
escalation-atc-supervisor = skambinti skrydžių valdymo pamainos vadovui
escalation-higher-level = kreiptis į aukštesnį lygmenį

## Reasons of a refusal

reason-bad-time = Tai ne laikas
reason-local-time = Vietos laikas
reason-time-not-plausible = Neįtikėtinas laikas
reason-too-late = Per vėlai
reason-position-not-plausible = Neįtikėtina vieta
reason-value-not-plausible = Neįtikėtina reikšmė
reason-truncated = Nutrūkę duomenys
reason-wrong-edition = Kita laida
reason-wrong-category = Kita kategorija
reason-unknown-source = Nežinomas šaltinis
reason-no-position = Nėra vietos
reason-malformed = Nesuprasta
reason-unknown-field = Nežinomas laukas
reason-too-large = Per didelis
reason-unknown-place = Nežinoma vietovė
reason-ambiguous-place = Kelios vietovės tokiu pavadinimu
reason-not-canonical = Ne vieninteliu leistinu pavidalu
reason-wrong-channel = Kitas kanalas
reason-wrong-sender = Kitas siuntėjas
reason-wrong-serial = Kitas eilės numeris
reason-wrong-year = Kiti metai
reason-unknown-type = Nežinomas tipas
reason-unknown-incident = Tokio įvykio nėra
reason-unknown-message = Tokio pranešimo nėra
reason-unknown-track = Tokio sekamo objekto nėra
reason-bad-signature = Parašas negalioja
reason-bad-key = Raktas negalioja
reason-bad-note = Pasirašytas įrašas negalioja
reason-wrong-origin = Kitas žurnalas
reason-wrong-size = Kitas dydis
reason-overtaken = Jau pasenęs
reason-forked = Kitas tokio pat dydžio žurnalas
reason-shrunken = Trumpesnis žurnalas
reason-replayed = Siunčiama pakartotinai
reason-back-dated = Data ankstesnė už prieš tai pasakyto
reason-bad-proof = Neišplaukia iš ankstesnio
reason-no-contradiction = Prieštaravimo nėra
reason-not-witnessed = Nepaliudyta
reason-wrong-check = Kontrolinės grupės nesutampa
reason-not-hybrid = Trūksta vieno iš dviejų parašų
reason-wrong-generation = Iš kitos žurnalo kartos
reason-log-ended = Pasakyta po žurnalo pabaigos
reason-wrong-opening = Žurnalas pradėtas kitaip, nei baigėsi ankstesnis
reason-not-agreed = Šių raktų sutikrinimas neįvyko
reason-not-in-table = Dabar negalima
reason-channel-not-active = Kanalas neveikia
reason-not-released = Perduoti neleidžia taisyklės
reason-not-allowed = Neleidžiama
reason-already-closed = Jau užbaigta
reason-busy = Užimta, bandykite dar kartą
reason-not-correctable = Tokio tipo negalima nei taisyti, nei atšaukti
reason-other-type = Kitas tipas
reason-already-cancelled = Jau atšaukta
