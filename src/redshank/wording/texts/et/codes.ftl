### Words for the codes of closed sets, Estonian. Codes are those of the wire, of the procedures and of the view.

## Parties and territories

party-lt = Leedu
party-lv = Läti
party-ee = Eesti
party-pl = Poola
party-by = Valgevene
party-ru = Venemaa
party-ru-kgd = Kaliningradi oblast (Venemaa)
party-ua = Ukraina
party-fi = Soome
party-se = Rootsi

## Types of messages

type-test = SIDE KONTROLL
type-test-reply = VASTUS SIDE KONTROLLILE
type-notice = TEADE
type-update = TÄPSUSTUS
type-lost = KADUNUD
type-query = PÄRING
type-reply = VASTUS
type-ack = KINNITUS (loetud)
type-close = SULGEMINE
type-agree-close = VASTUS SULGEMISELE
type-log-end = LOGI LÕPP
type-log-open = LOGI ALGUS
type-own-object = OMA OBJEKT
type-measure = MEEDE
type-find = LEID
type-evidence = TÕEND
type-negative = MIDAGI EI LEITUD
type-warning = HOIATUS
type-correct = PARANDUS
type-cancel = TÜHISTAMINE
type-activate = AKTIVEERIMINE
type-suspend = PEATAMINE
type-resume = JÄTKAMINE
type-end = KOKKULEPPE LÕPP

## What an object is held to be

status-unknown = teadmata
status-unidentified = tuvastamata
status-strayed = teelt eksinud
status-uav = mehitamata õhusõiduk
status-balloon = õhupall
status-aircraft = õhusõiduk
status-helicopter = kopter
status-birds = linnud

## What the bodies of messages say

phase-possible = võib piiri ületada
phase-crossing = ületab piiri
phase-crossed = on piiri ületanud
question-yours-or-known = Kas see on teie oma või teile teada?
answer-ours = Meie oma
answer-known = Meile teada
answer-unknown = Meile teadmata
answer-no-information = Teave puudub
answer-cannot-say = Ei saa öelda
outcome-crossed = Ületas piiri
outcome-did-not-cross = Ei ületanud piiri
outcome-identified = Tuvastatud
outcome-lost = Kadunud
outcome-found = Leitud
outcome-no-further-information = Rohkem teavet ei ole
agrees-yes = nõus
agrees-no = ei ole nõus, salvestatud
role-observer = vaatleja
role-duty-officer = korrapidaja
role-releasing-authority = edastamise lubaja
role-administrator = administraator
level-possible = VÕIMALIK OHT
level-shelter = VARJUGE
level-all-clear = OHT MÖÖDAS

## Where a procedure stands

state-at-home = kellelegi teisele ei ole teatatud
state-quiet = veel ei ole midagi öeldud
state-drafted = peame teatama
state-noticed = meie teade on saadetud
state-informed = nende teade on saabunud
state-mutual = mõlemad on teatanud
state-engaged = kinnitatud
state-closing = meie sulgemine on saadetud
state-unanswered = meie sulgemisele ei ole vastatud
state-asked-to-close = nende sulgemine on saabunud
state-closed = suletud
state-disputed = suletud eriarvamusega
state-many-seen = palju nähtud, peame teatama
state-told = meie esimene sõnum on saadetud
state-aggrieved = see tuli neilt, peame teatama
state-complained = oleme esitanud kaebuse
state-dropped = suletud enne, kui midagi öeldi
state-crossing-seen = ületab piiri, peame teatama
state-testing = side kontroll käib
state-asked = nad on küsinud
state-both = mõlemad kontrollivad sidet
state-silent = vastust ei ole, proovige varuliini
state-answered = side toimib
state-unheard = vastust ei ole, varuliini on proovitud
state-out-of-hand = meie objekt ei allu juhtimisele, peame sellest teatama
state-warned-alone = meie elanikud on hoiatatud, nemad ei tea põhjust
state-wondering = tahame küsida
state-asking = oleme küsinud
state-answering = küsimused ja vastused
state-track-lost = jälgimine katkes, peame sellest teatama
state-searching = mõlemad otsivad

## What is owed, and the steps of the ladder

owes-ack = kinnitus
owes-lost = teade jälgimise katkemisest
owes-warning = otsus hoiatuse kohta
owes-reply = vastus
owes-receipt = kättesaamise tõend
owes-read-out = ettelugemine
owes-update = täpsustus
owes-notice = teade
owes-close = sulgemine
owes-agree-close = vastus sulgemisele
owes-test-reply = vastus side kontrollile
owes-count = uus objektide arv
owes-question = küsimus
owes-finding = järeldus
owes-position = asukoht
owes-change = teade muutusest
owes-last-place = viimane asukoht
owes-report = teade varuliinilt
escalation-second-officer = äratada teine korrapidaja
escalation-alternate-line = kasutada varuliini (ette lugeda)
escalation-third-party-relay = paluda kolmandal poolel edastada
escalation-atc-supervisor = helistada lennujuhtimise vahetuse juhile
escalation-higher-level = pöörduda kõrgema tasandi poole

## Reasons of a refusal

reason-bad-time = See ei ole kellaaeg
reason-local-time = Kohalik aeg
reason-time-not-plausible = Ebausutav aeg
reason-too-late = Liiga hilja
reason-position-not-plausible = Ebausutav asukoht
reason-value-not-plausible = Ebausutav väärtus
reason-truncated = Katkenud andmed
reason-wrong-edition = Teine väljaanne
reason-wrong-category = Teine kategooria
reason-unknown-source = Tundmatu allikas
reason-no-position = Asukoht puudub
reason-malformed = Arusaamatu
reason-unknown-field = Tundmatu väli
reason-too-large = Liiga suur
reason-unknown-place = Tundmatu koht
reason-ambiguous-place = Mitu sama nimega kohta
reason-not-canonical = Ei ole ainsal lubatud kujul
reason-wrong-channel = Teine kanal
reason-wrong-sender = Teine saatja
reason-wrong-serial = Teine järjenumber
reason-wrong-year = Teine aasta
reason-unknown-type = Tundmatu liik
reason-unknown-incident = Sellist juhtumit ei ole
reason-unknown-message = Sellist sõnumit ei ole
reason-unknown-track = Sellist jälgitavat objekti ei ole
reason-bad-signature = Allkiri ei kehti
reason-bad-key = Võti ei kehti
reason-bad-note = Allkirjastatud kirje ei kehti
reason-wrong-origin = Teine logi
reason-wrong-size = Teine suurus
reason-overtaken = Juba vananenud
reason-forked = Teine sama suur logi
reason-shrunken = Lühem logi
reason-replayed = Uuesti saadetud
reason-back-dated = Dateeritud varasemaks kui eelmine sõnum
reason-bad-proof = Ei tulene eelnevast
reason-no-contradiction = Vastuolu ei ole
reason-not-witnessed = Tunnistamata
reason-wrong-check = Kontrollrühmad ei klapi
reason-not-hybrid = Üks kahest allkirjast puudub
reason-wrong-generation = Logi teisest põlvkonnast
reason-log-ended = Öeldud pärast logi lõppu
reason-wrong-opening = Logi algab teisiti, kui eelmine lõppes
reason-not-agreed = Neid võtmeid ei ole omavahel võrreldud
reason-not-in-table = Praegu ei ole võimalik
reason-channel-not-active = Kanal ei ole kasutusel
reason-not-released = Reeglid ei luba seda edastada
reason-not-allowed = Ei ole lubatud
reason-already-closed = Juba suletud
reason-busy = Hõivatud, proovige uuesti
reason-not-correctable = Seda liiki ei saa parandada ega tühistada
reason-other-type = Teine liik
reason-already-cancelled = Juba tühistatud
