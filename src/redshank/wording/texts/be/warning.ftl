# Public warning texts in Belarusian. Short and plain: a phone shows them. The district's name stands after a colon, so
# that no language has to decline it. exercise-mark holds EXERCISE in every language; the checks look for it.

exercise-mark = ВУЧЭННІ (EXERCISE)
exercise-note = Гэта вучэнні. Небяспекі няма.
event = Магчымая паветраная небяспека

possible-headline = Магчымая паветраная небяспека: { $district }
possible-description = З { $from } да { $until } UTC над гэтай тэрыторыяй можа з’явіцца неапазнаны лятальны аб’ект.
possible-instruction = Падрыхтуйцеся схавацца. Трымайцеся далей ад вокнаў. Сачыце за афіцыйнымі паведамленнямі. Калі знойдзеце аб’ект, які ўпаў, не дакранайцеся да яго і тэлефануйце 112.

shelter-headline = Паветраная небяспека, схавайцеся: { $district }
shelter-description = Лятальны аб’ект набліжаецца да гэтай тэрыторыі або ўжо знаходзіцца над ёй. Час: з { $from } да { $until } UTC.
shelter-instruction = Неадкладна зайдзіце ў будынак або сховішча. Трымайцеся далей ад вокнаў. Заставайцеся там да адбою. Не дакранайцеся да аб’екта, які ўпаў, тэлефануйце 112.

all-clear-headline = Адбой паветранай небяспекі: { $district }
all-clear-description = Небяспека на гэтай тэрыторыі мінула.
all-clear-instruction = Можна выйсці са сховішча. Калі знойдзеце аб’ект, які ўпаў, не дакранайцеся да яго і тэлефануйце 112.
