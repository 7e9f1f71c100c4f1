# Public warning texts in Latvian. Short and plain: a phone shows them. The district's name stands after a colon, so
# that no language has to decline it. exercise-mark holds EXERCISE in every language; the checks look for it.

exercise-mark = MĀCĪBAS (EXERCISE)
exercise-note = Šīs ir mācības. Briesmu nav.
event = Iespējams gaisa telpas apdraudējums

possible-headline = Iespējams gaisa telpas apdraudējums: { $district }
possible-description = Laikā no { $from } līdz { $until } UTC šajā teritorijā var ielidot neidentificēts lidojošs objekts.
possible-instruction = Sagatavojieties doties patvērumā. Neuzturieties pie logiem. Sekojiet oficiālajai informācijai. Ja atrodat nokritušu objektu, neaiztieciet to un zvaniet 112.

shelter-headline = Gaisa telpas apdraudējums, dodieties patvērumā: { $district }
shelter-description = Lidojošs objekts tuvojas šai teritorijai vai jau ir virs tās. Laiks: no { $from } līdz { $until } UTC.
shelter-instruction = Nekavējoties dodieties telpās vai patvertnē. Neuzturieties pie logiem. Palieciet tur, līdz tiek paziņots, ka apdraudējums ir beidzies. Neaiztieciet nokritušu objektu, zvaniet 112.

all-clear-headline = Gaisa telpas apdraudējums ir beidzies: { $district }
all-clear-description = Apdraudējums šajā teritorijā ir beidzies.
all-clear-instruction = Varat atstāt patvērumu. Ja atrodat nokritušu objektu, neaiztieciet to un zvaniet 112.
