# Public warning texts in English. Short and plain: a phone shows them. The district's name stands after a colon, so
# that no language has to decline it. exercise-mark holds EXERCISE in every language; the checks look for it.

exercise-mark = EXERCISE
exercise-note = This is an exercise. There is no danger.
event = Possible danger from the air

possible-headline = Possible danger from the air: { $district }
possible-description = Between { $from } and { $until } UTC an unidentified flying object may enter this area.
possible-instruction = Get ready to take shelter. Stay away from windows. Follow official information. If you find a fallen object, do not touch it and call 112.

shelter-headline = Danger from the air, take shelter: { $district }
shelter-description = A flying object is approaching this area or is already over it. Time: { $from } to { $until } UTC.
shelter-instruction = Go indoors or to a shelter at once. Stay away from windows. Stay there until the all-clear. Do not touch a fallen object, call 112.

all-clear-headline = All clear, the danger from the air is over: { $district }
all-clear-description = The danger in this area is over.
all-clear-instruction = You may leave your shelter. If you find a fallen object, do not touch it and call 112.
