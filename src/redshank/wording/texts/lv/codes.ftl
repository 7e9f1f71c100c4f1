### Words for the codes of closed sets, Latvian. Codes are those of the wire, of the procedures and of the view.

## Parties and territories

party-lt = Lietuva
party-lv = Latvija
party-ee = Igaunija
party-pl = Polija
party-by = Baltkrievija
party-ru = Krievija
party-ru-kgd = Kaļiņingradas apgabals (Krievija)
party-ua = Ukraina
party-fi = Somija
party-se = Zviedrija

## Types of messages

type-test = SAKARU PĀRBAUDE
type-test-reply = ATBILDE UZ SAKARU PĀRBAUDI
type-notice = PAZIŅOJUMS
type-update = PRECIZĒJUMS
type-lost = PAZAUDĒTS
type-query = PIEPRASĪJUMS
type-reply = ATBILDE
type-ack = APSTIPRINĀJUMS (izlasīts)
type-close = SLĒGŠANA
type-agree-close = ATBILDE UZ SLĒGŠANU
type-log-end = ŽURNĀLA BEIGAS
type-log-open = ŽURNĀLA SĀKUMS
type-own-object = SAVS OBJEKTS
type-measure = PASĀKUMS
type-find = ATRADUMS
type-evidence = PIERĀDĪJUMS
type-negative = NEKAS NAV ATRASTS
type-warning = BRĪDINĀJUMS
type-correct = LABOJUMS
type-cancel = ATCELŠANA
type-activate = AKTIVIZĒŠANA
type-suspend = APTURĒŠANA
type-resume = ATSĀKŠANA
type-end = VIENOŠANĀS BEIGAS

## What an object is held to be

status-unknown = nezināms
status-unidentified = neidentificēts
status-strayed = nomaldījies
status-uav = bezpilota gaisa kuģis
status-balloon = balons
status-aircraft = gaisa kuģis
status-helicopter = helikopters
status-birds = putni

## What the bodies of messages say

phase-possible = var šķērsot robežu
phase-crossing = šķērso robežu
phase-crossed = ir šķērsojis robežu
question-yours-or-known = Vai tas ir jūsu, vai jums zināms?
answer-ours = Mūsu
answer-known = Mums zināms
answer-unknown = Mums nezināms
answer-no-information = Nav informācijas
answer-cannot-say = Nevaram pateikt
outcome-crossed = Šķērsoja robežu
outcome-did-not-cross = Nešķērsoja robežu
outcome-identified = Identificēts
outcome-lost = Pazaudēts
outcome-found = Atrasts
outcome-no-further-information = Citas informācijas nav
agrees-yes = piekrīt
agrees-no = nepiekrīt, ierakstīts
role-observer = novērotājs
role-duty-officer = dežurējošā amatpersona
role-releasing-authority = nodošanu atļaujošā amatpersona
role-administrator = administrators
level-possible = IESPĒJAMS APDRAUDĒJUMS
level-shelter = DODIETIES PATVĒRUMĀ
level-all-clear = APDRAUDĒJUMS BEIDZIES

## Where a procedure stands

state-at-home = nevienam citam nav paziņots
state-quiet = vēl nekas nav pateikts
state-drafted = mums jāpaziņo
state-noticed = mūsu paziņojums nosūtīts
state-informed = viņu paziņojums saņemts
state-mutual = abas puses paziņojušas
state-engaged = apstiprināts
state-closing = mūsu slēgšana nosūtīta
state-unanswered = uz mūsu slēgšanu nav atbildes
state-asked-to-close = viņu slēgšana saņemta
state-closed = slēgts
state-disputed = slēgts bez vienprātības
state-many-seen = redzēts daudz, mums jāpaziņo
state-told = mūsu pirmais ziņojums nosūtīts
state-aggrieved = tas nāca no viņiem, mums jāpaziņo
state-complained = esam iesnieguši sūdzību
state-dropped = slēgts, pirms kaut kas pateikts
state-crossing-seen = šķērso robežu, mums jāpaziņo
state-testing = notiek sakaru pārbaude
state-asked = viņi ir jautājuši
state-both = abas puses pārbauda sakarus
state-silent = nav atbildes, mēģiniet rezerves līniju
state-answered = sakari darbojas
state-unheard = nav atbildes, mēģināta rezerves līnija
state-out-of-hand = mūsu objekts nav vadāms, mums par to jāziņo
state-warned-alone = mūsu iedzīvotāji brīdināti, viņi nezina kāpēc
state-wondering = gribam jautāt
state-asking = esam jautājuši
state-answering = jautājumi un atbildes
state-track-lost = izsekošana pārtrūkusi, mums par to jāziņo
state-searching = meklē abas puses

## What is owed, and the steps of the ladder

owes-ack = apstiprinājums
owes-lost = ziņa, ka izsekošana pārtrūkusi
owes-warning = lēmums par brīdinājumu
owes-reply = atbilde
owes-receipt = saņemšanas apliecinājums
owes-read-out = nolasīšana balsī
owes-update = precizējums
owes-notice = paziņojums
owes-close = slēgšana
owes-agree-close = atbilde uz slēgšanu
owes-test-reply = atbilde uz sakaru pārbaudi
owes-count = jauns objektu skaits
owes-question = jautājums
owes-finding = secinājums
owes-position = atrašanās vieta
owes-change = ziņa par izmaiņām
owes-last-place = pēdējā vieta
owes-report = ziņa no rezerves līnijas
escalation-second-officer = modināt otro amatpersonu
escalation-alternate-line = izmantot rezerves līniju (nolasīt balsī)
escalation-third-party-relay = lūgt nodot trešajai pusei
escalation-atc-supervisor = zvanīt gaisa satiksmes vadības maiņas vadītājam
escalation-higher-level = vērsties augstākā līmenī

## Reasons of a refusal

reason-bad-time = Tas nav laiks
reason-local-time = Vietējais laiks
reason-time-not-plausible = Neticams laiks
reason-too-late = Par vēlu
reason-position-not-plausible = Neticama atrašanās vieta
reason-value-not-plausible = Neticama vērtība
reason-truncated = Aprauti dati
reason-wrong-edition = Cits izdevums
reason-wrong-category = Cita kategorija
reason-unknown-source = Nezināms avots
reason-no-position = Nav atrašanās vietas
reason-malformed = Nav saprotams
reason-unknown-field = Nezināms lauks
reason-too-large = Pārāk liels
reason-unknown-place = Nezināma vieta
reason-ambiguous-place = Vairākas vietas ar šādu nosaukumu
reason-not-canonical = Nav vienīgajā atļautajā veidā
reason-wrong-channel = Cits kanāls
reason-wrong-sender = Cits sūtītājs
reason-wrong-serial = Cits kārtas numurs
reason-wrong-year = Cits gads
reason-unknown-type = Nezināms veids
reason-unknown-incident = Šāda notikuma nav
reason-unknown-message = Šāda ziņojuma nav
reason-unknown-track = Šāda izsekotā objekta nav
reason-bad-signature = Paraksts nav derīgs
reason-bad-key = Atslēga nav derīga
reason-bad-note = Parakstītais ieraksts nav derīgs
reason-wrong-origin = Cits žurnāls
reason-wrong-size = Cits izmērs
reason-overtaken = Jau novecojis
reason-forked = Cits tāda paša izmēra žurnāls
reason-shrunken = Īsāks žurnāls
reason-replayed = Sūtīts atkārtoti
reason-back-dated = Datēts agrāk par iepriekšējo ziņojumu
reason-bad-proof = Neizriet no iepriekšējā
reason-no-contradiction = Pretrunas nav
reason-not-witnessed = Nav apliecināts
reason-wrong-check = Kontroles grupas nesakrīt
reason-not-hybrid = Trūkst viena no diviem parakstiem
reason-wrong-generation = No citas žurnāla paaudzes
reason-log-ended = Pateikts pēc žurnāla beigām
reason-wrong-opening = Žurnāls sākts citādi, nekā beidzās iepriekšējais
reason-not-agreed = Šo atslēgu salīdzināšana nav notikusi
reason-not-in-table = Pašlaik nav iespējams
reason-channel-not-active = Kanāls nedarbojas
reason-not-released = Noteikumi neļauj to nodot
reason-not-allowed = Nav atļauts
reason-already-closed = Jau slēgts
reason-busy = Aizņemts, mēģiniet vēlreiz
reason-not-correctable = Šo veidu nevar ne labot, ne atcelt
reason-other-type = Cits veids
reason-already-cancelled = Jau atcelts
