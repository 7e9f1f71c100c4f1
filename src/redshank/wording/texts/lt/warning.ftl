# Public warning texts in Lithuanian. Short and plain: a phone shows them. The district's name stands after a colon, so
# that no language has to decline it. exercise-mark holds EXERCISE in every language; the checks look for it.

exercise-mark = PRATYBOS (EXERCISE)
exercise-note = Tai pratybos. Pavojaus nėra.
event = Galimas oro pavojus

possible-headline = Galimas oro pavojus: { $district }
possible-description = Nuo { $from } iki { $until } UTC į šią teritoriją gali įskristi nenustatytas skraidantis objektas.
possible-instruction = Pasiruoškite slėptis. Nebūkite prie langų. Sekite oficialius pranešimus. Radę nukritusį objektą, jo nelieskite ir skambinkite 112.

shelter-headline = Oro pavojus, slėpkitės: { $district }
shelter-description = Skraidantis objektas artėja prie šios teritorijos arba jau yra virš jos. Laikas: nuo { $from } iki { $until } UTC.
shelter-instruction = Nedelsdami eikite į patalpas arba priedangą. Nebūkite prie langų. Likite ten, kol bus paskelbta, kad pavojus praėjo. Nukritusio objekto nelieskite, skambinkite 112.

all-clear-headline = Oro pavojus praėjo: { $district }
all-clear-description = Pavojus šioje teritorijoje praėjo.
all-clear-instruction = Galite išeiti iš priedangos. Radę nukritusį objektą, jo nelieskite ir skambinkite 112.
