# Public warning texts in Russian. Short and plain: a phone shows them. The district's name stands after a colon, so
# that no language has to decline it. exercise-mark holds EXERCISE in every language; the checks look for it.

exercise-mark = УЧЕНИЯ (EXERCISE)
exercise-note = Это учения. Опасности нет.
event = Возможная воздушная опасность

possible-headline = Возможная воздушная опасность: { $district }
possible-description = С { $from } до { $until } UTC над этой территорией может появиться неопознанный летательный объект.
possible-instruction = Приготовьтесь укрыться. Держитесь дальше от окон. Следите за официальными сообщениями. Если найдёте упавший объект, не прикасайтесь к нему и звоните 112.

shelter-headline = Воздушная опасность, укройтесь: { $district }
shelter-description = Летательный объект приближается к этой территории или уже находится над ней. Время: с { $from } до { $until } UTC.
shelter-instruction = Немедленно зайдите в здание или укрытие. Держитесь дальше от окон. Оставайтесь там до отбоя. Не прикасайтесь к упавшему объекту, звоните 112.

all-clear-headline = Отбой воздушной опасности: { $district }
all-clear-description = Опасность на этой территории миновала.
all-clear-instruction = Можно выйти из укрытия. Если найдёте упавший объект, не прикасайтесь к нему и звоните 112.
