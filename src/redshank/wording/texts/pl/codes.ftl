### Words for the codes of closed sets, Polish. Codes are those of the wire, of the procedures and of the view.

## Parties and territories

party-lt = Litwa
party-lv = Łotwa
party-ee = Estonia
party-pl = Polska
party-by = Białoruś
party-ru = Rosja
party-ru-kgd = obwód królewiecki (Rosja)
party-ua = Ukraina
party-fi = Finlandia
party-se = Szwecja

## Types of messages

type-test = PRÓBA ŁĄCZNOŚCI
type-test-reply = ODPOWIEDŹ NA PRÓBĘ ŁĄCZNOŚCI
type-notice = POWIADOMIENIE
type-update = AKTUALIZACJA
type-lost = UTRATA ŚLEDZENIA
type-query = ZAPYTANIE
type-reply = ODPOWIEDŹ
type-ack = POTWIERDZENIE (przeczytano)
type-close = ZAMKNIĘCIE
type-agree-close = ODPOWIEDŹ NA ZAMKNIĘCIE
type-log-end = KONIEC DZIENNIKA
type-log-open = POCZĄTEK DZIENNIKA
type-own-object = WŁASNY OBIEKT
type-measure = ŚRODEK
type-find = ZNALEZISKO
type-evidence = DOWÓD
type-negative = NICZEGO NIE ZNALEZIONO
type-warning = OSTRZEŻENIE
type-correct = SPROSTOWANIE
type-cancel = ANULOWANIE
type-activate = URUCHOMIENIE
type-suspend = ZAWIESZENIE
type-resume = WZNOWIENIE
type-end = KONIEC POROZUMIENIA

## What an object is held to be

status-unknown = nieznany
status-unidentified = niezidentyfikowany
status-strayed = zbłąkany
status-uav = bezzałogowy statek powietrzny
status-balloon = balon
status-aircraft = statek powietrzny
status-helicopter = śmigłowiec
status-birds = ptaki

## What the bodies of messages say

phase-possible = może przekroczyć granicę
phase-crossing = przekracza granicę
phase-crossed = przekroczył granicę
question-yours-or-known = Czy jest wasz lub wam znany?
answer-ours = Nasz
answer-known = Znany nam
answer-unknown = Nieznany nam
answer-no-information = Brak informacji
answer-cannot-say = Nie możemy powiedzieć
outcome-crossed = Przekroczył granicę
outcome-did-not-cross = Nie przekroczył granicy
outcome-identified = Zidentyfikowany
outcome-lost = Utracony
outcome-found = Znaleziony
outcome-no-further-information = Brak dalszych informacji
agrees-yes = zgoda
agrees-no = brak zgody, zapisano
role-observer = obserwator
role-duty-officer = oficer dyżurny
role-releasing-authority = osoba zezwalająca na przekazanie
role-administrator = administrator
level-possible = MOŻLIWE ZAGROŻENIE
level-shelter = UKRYJ SIĘ
level-all-clear = ZAGROŻENIE MINĘŁO

## Where a procedure stands

state-at-home = nikomu innemu nie powiedziano
state-quiet = nic jeszcze nie powiedziano
state-drafted = mamy powiadomić
state-noticed = nasze powiadomienie wysłane
state-informed = ich powiadomienie dotarło
state-mutual = obie strony powiadomiły
state-engaged = potwierdzono
state-closing = nasze zamknięcie wysłane
state-unanswered = brak odpowiedzi na nasze zamknięcie
state-asked-to-close = ich zamknięcie dotarło
state-closed = zamknięte
state-disputed = zamknięte mimo braku zgody
state-many-seen = widziano wiele, mamy powiadomić
state-told = nasz pierwszy komunikat wysłany
state-aggrieved = przyleciał od nich, mamy powiadomić
state-complained = złożyliśmy skargę
state-dropped = zamknięte, zanim cokolwiek powiedziano
state-crossing-seen = przekracza granicę, mamy powiadomić
state-testing = trwa próba łączności
state-asked = oni zapytali
state-both = obie strony próbują łączności
state-silent = brak odpowiedzi, spróbuj linii zapasowej
state-answered = łączność działa
state-unheard = brak odpowiedzi, próbowano linii zapasowej
state-out-of-hand = nasz obiekt poza kontrolą, mamy o tym powiadomić
state-warned-alone = nasza ludność ostrzeżona, oni nie wiedzą dlaczego
state-wondering = chcemy zapytać
state-asking = zapytaliśmy
state-answering = pytania i odpowiedzi
state-track-lost = utracono śledzenie, mamy o tym powiadomić
state-searching = szukają obie strony

## What is owed, and the steps of the ladder

owes-ack = potwierdzenie
owes-lost = wiadomość o utracie śledzenia
owes-warning = decyzja o ostrzeżeniu
owes-reply = odpowiedź
owes-receipt = poświadczenie odbioru
owes-read-out = odczytanie głosem
owes-update = aktualizacja
owes-notice = powiadomienie
owes-close = zamknięcie
owes-agree-close = odpowiedź na zamknięcie
owes-test-reply = odpowiedź na próbę łączności
owes-count = nowa liczba obiektów
owes-question = pytanie
owes-finding = ustalenie
owes-position = położenie
owes-change = wiadomość o zmianie
owes-last-place = ostatnie położenie
owes-report = wiadomość z linii zapasowej
escalation-second-officer = obudzić drugiego oficera
escalation-alternate-line = użyć linii zapasowej (odczytać głosem)
escalation-third-party-relay = poprosić trzecią stronę o przekazanie
escalation-atc-supervisor = zadzwonić do kierownika zmiany kontroli ruchu lotniczego
escalation-higher-level = zwrócić się na wyższy szczebel

## Reasons of a refusal

reason-bad-time = To nie jest czas
reason-local-time = Czas lokalny
reason-time-not-plausible = Czas niewiarygodny
reason-too-late = Za późno
reason-position-not-plausible = Położenie niewiarygodne
reason-value-not-plausible = Wartość niewiarygodna
reason-truncated = Dane urwane
reason-wrong-edition = Inna edycja
reason-wrong-category = Inna kategoria
reason-unknown-source = Nieznane źródło
reason-no-position = Brak położenia
reason-malformed = Niezrozumiałe
reason-unknown-field = Nieznane pole
reason-too-large = Za duże
reason-unknown-place = Nieznana miejscowość
reason-ambiguous-place = Kilka miejscowości o tej nazwie
reason-not-canonical = Nie w jedynej dozwolonej postaci
reason-wrong-channel = Inny kanał
reason-wrong-sender = Inny nadawca
reason-wrong-serial = Inny numer kolejny
reason-wrong-year = Inny rok
reason-unknown-type = Nieznany typ
reason-unknown-incident = Nie ma takiego zdarzenia
reason-unknown-message = Nie ma takiego komunikatu
reason-unknown-track = Nie ma takiego śledzonego obiektu
reason-bad-signature = Podpis nieważny
reason-bad-key = Klucz nieważny
reason-bad-note = Podpisany zapis nieważny
reason-wrong-origin = Inny dziennik
reason-wrong-size = Inny rozmiar
reason-overtaken = Już nieaktualne
reason-forked = Inny dziennik tego samego rozmiaru
reason-shrunken = Krótszy dziennik
reason-replayed = Wysłane ponownie
reason-back-dated = Data wcześniejsza niż w poprzednim komunikacie
reason-bad-proof = Nie wynika z poprzedniego
reason-no-contradiction = Brak sprzeczności
reason-not-witnessed = Niepoświadczone
reason-wrong-check = Grupy kontrolne się nie zgadzają
reason-not-hybrid = Brakuje jednego z dwóch podpisów
reason-wrong-generation = Z innej generacji dziennika
reason-log-ended = Powiedziane po końcu dziennika
reason-wrong-opening = Dziennik otwarto inaczej, niż skończył się poprzedni
reason-not-agreed = Nie porównano tych kluczy
reason-not-in-table = Teraz niemożliwe
reason-channel-not-active = Kanał nieczynny
reason-not-released = Zasady nie zezwalają na przekazanie
reason-not-allowed = Niedozwolone
reason-already-closed = Już zamknięte
reason-busy = Zajęte, spróbuj ponownie
reason-not-correctable = Tego typu nie można sprostować ani anulować
reason-other-type = Inny typ
reason-already-cancelled = Już anulowane
