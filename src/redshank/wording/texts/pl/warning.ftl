# Public warning texts in Polish. Short and plain: a phone shows them. The district's name stands after a colon, so
# that no language has to decline it. exercise-mark holds EXERCISE in every language; the checks look for it.

exercise-mark = ĆWICZENIA (EXERCISE)
exercise-note = To są ćwiczenia. Nie ma zagrożenia.
event = Możliwe zagrożenie z powietrza

possible-headline = Możliwe zagrożenie z powietrza: { $district }
possible-description = Między { $from } a { $until } UTC nad ten obszar może wlecieć niezidentyfikowany obiekt latający.
possible-instruction = Przygotuj się do ukrycia. Trzymaj się z dala od okien. Śledź oficjalne komunikaty. Jeśli znajdziesz obiekt, który spadł, nie dotykaj go i zadzwoń pod numer 112.

shelter-headline = Zagrożenie z powietrza, ukryj się: { $district }
shelter-description = Obiekt latający zbliża się do tego obszaru lub jest już nad nim. Czas: od { $from } do { $until } UTC.
shelter-instruction = Natychmiast wejdź do budynku lub schronu. Trzymaj się z dala od okien. Pozostań tam do odwołania zagrożenia. Nie dotykaj obiektu, który spadł, zadzwoń pod numer 112.

all-clear-headline = Zagrożenie z powietrza minęło: { $district }
all-clear-description = Zagrożenie na tym obszarze minęło.
all-clear-instruction = Możesz opuścić schronienie. Jeśli znajdziesz obiekt, który spadł, nie dotykaj go i zadzwoń pod numer 112.
