# Public warning texts in Estonian. Short and plain: a phone shows them. The district's name stands after a colon, so
# that no language has to decline it. exercise-mark holds EXERCISE in every language; the checks look for it.

exercise-mark = ÕPPUS (EXERCISE)
exercise-note = See on õppus. Ohtu ei ole.
event = Võimalik õhuoht

possible-headline = Võimalik õhuoht: { $district }
possible-description = Ajavahemikus { $from } kuni { $until } UTC võib sellele alale lennata tundmatu lendav objekt.
possible-instruction = Olge valmis varjuma. Hoiduge akendest eemale. Jälgige ametlikku teavet. Kui leiate allakukkunud objekti, ärge puudutage seda ja helistage 112.

shelter-headline = Õhuoht, varjuge: { $district }
shelter-description = Lendav objekt läheneb sellele alale või on juba selle kohal. Aeg: { $from } kuni { $until } UTC.
shelter-instruction = Minge kohe siseruumi või varjendisse. Hoiduge akendest eemale. Püsige seal, kuni teatatakse ohu möödumisest. Ärge puudutage allakukkunud objekti, helistage 112.

all-clear-headline = Õhuoht on möödas: { $district }
all-clear-description = Oht sellel alal on möödas.
all-clear-instruction = Võite varjumiskohast lahkuda. Kui leiate allakukkunud objekti, ärge puudutage seda ja helistage 112.
