"""Words that everybody writes and that share letters with names: with an Anna on the staff, "and" would go.

They stay unless somebody is called exactly so. Accents are left out where keyboards leave them out.
"""

_ENGLISH = """
a about after again all almost alone along already also although always am among an and another answer answered
answers any anybody anyone anything anyway are area around as ask asked at away back be became because been before
behind being best better between both but by call called came can cannot case changed clear come could day days did do
does done down during each early easy either else email end enough even ever every everyone everything fast few
finally first fix fixed for found friendly from full gave get give given go good got great had hard has have having he
hear heard help helped helpful her here him his hour hours how however i if important in instead into is it its job
just keep kept kind know known last late later least left less let life like little long look lot made make making
many mark may me mean mess might more morning most much must my need needed never new next nice no nobody none nor not
nothing now of off often ok old on once one only open or order other our out over own part people perfect please point
poor problem quick quickly quite rather read ready really reason request right said same see seen sent service set
several she should since slow slowly so solved some somebody someone something sometimes soon still such sure system
take taken team than thank thanks that the their them then there these they thing things think this those though
through time times to today together told too took turn twice two under understand understood until up us use used
very wait waited waiting want was way we week weeks well went were what when where whether which while who whole why
will with within without work worked working would wrong year yes yet you your address admin animal annual analysis
apart april board book booked broken build building business card care cause change check claim close closed code
colour company contact cost customer damage data date delay delayed delivery desk detail device direct door earlier
effort error expect explain explained extra fact fail feel file final follow form forms future general glad happy
hardware hint hope huge idea ignore ignored impact improve info inform input inside install internal invoice issue
item join joined key lack laptop law lead leave letter level line link list listen login lost low lunch machine mail
main mainly major manage manager manual market marketing material matter meeting member message middle minor minute
minutes mistake money monitor month months name note notice number office offer paper paid pass past patient pay phone
pick plan price print printer process project proper purchase question quiet raise rate real reply report reset result
risk role room route rule safe salary sales screen seem send sense server short shop simple site skill social software
sort sound speed staff stage start state step stop store style support table task teach term test text ticket tired
title tool topic total track train travel treat trust try unit update upset urgent user value vendor version view
visit voice wall warm wide wish word world write written
"""
_GERMAN = """
aber alle allein allem allen aller alles als also am an andere anderen anders anfang anfrage angst antwort antworten
arbeit arbeiten auch auf aus außer außerdem bald bei beide beim bereits besser bestens bis bitte da dabei dadurch
dafür daher damit danach dank danke dann daran darauf das dass davon dazu dein dem den denn der des deshalb die dies
diese dieser doch dort durch eben eigentlich ein eine einem einen einer einfach einmal endlich er erst es etwas fast
für ganz gar gegen geht gelöst genau gerne gestern gibt gleich gut gute guten haben hat hatte hatten hier hilfe
hilfreich ich ihr ihre im immer in ist jede jeder jedes jetzt kam kann kein keine kaum klar können lange langen
langsam leider lieber mal man manchmal mehr mehrere mein meine meist mich mir mit muss müssen nach nachdem nächste
nett neu nicht nichts nie niemand noch nun nur ob oder oft ohne problem rückmeldung sache schnell schon sehr sein
seine seit selbst sich sie sind so sofort sondern sonst stets stunden tag tage team trotz über um und uns unser unter
viel viele vom von vor vorher wann war waren warten warum was weil weiter wenig wenn wer werden wie wieder wir wird
wirklich wo woche wochen wurde wurden zeit zu zum zur zusammen zwar zwei zweimal zwischen abteilung alt anliegen
ansprechpartner aufgabe auftrag august bearbeitet bestellung betrag brief buch daten datum drucker ende ergebnis
erklärt erste fall falsch fehler fertig firma form frage fragen freundlich geduldig geld gerät halb handy hinweis info
jahr kollege kollegen kollegin kosten kunde kurz lager leute lieferung lohn lösung mail mitarbeiter monat name netz
notebook person post preis rechner rechnung reise rolle schade seite stelle stunde support system termin ticket ton
verstehen vertrag vorgang wagen weg wert wissen wort zahl ziel zufrieden zugang
"""
_SPANISH = """
clara claramente claridad explicó explicar a además agradable ahora al algo alguien algún alguna antes año años aquí
así aún aunque ayuda ayudar bajo bastante bien bueno buena cada casi caso claro como con contra cosa cuando cual
cualquier de dentro desde después día días donde dos durante el él ella ellos en entonces entre era eran es esa ese
eso está están este esta esto falta fue fueron gracias ha había hace hacer han hasta hay hoy incluso la las le lento
les lo los luego mal más me mejor menos mi mientras mismo mucho muchos muy nada nadie ni no nos nosotros nuestro nunca
o otra otro para parece pero persona poco por porque problema pronto pueden puede que quien rápido respuesta se sea
según ser si sí siempre sin sobre solo solución son su sus también tan tanto tarde tiempo tiene tienen toda todas todo
todos trabajo tras tres tuve un una uno unos vez veces y ya yo
"""
_POLISH = """
jasno jasne jasny wyjaśnił wyjaśniła wyjaśnione wyjaśnienie a aby albo ale ani bardzo bez bo być był była było były
chciałbym cały całe ciągle co coś czas czasem czasu czekać czekałem czekałam czy czyli dla długo do dobra dobre dobry
dobrze dość drugi dwa dwie dzień dni dzięki dziękuję gdy gdzie go godzin ich ile im inne inny ja jak jakby jako jakiś
je jeden jednak jedna jego jej jest jestem jeszcze jeśli już kiedy kilka kontakt każdy kto ktoś która które który lecz
lepiej lub ma mam mi miał między miły mnie może można mój musi musiałem na nad nadal nam nas nasz nawet nic nie
niestety nikt nikogo niż no o od odpowiedzi odpowiedź ok on ona oni około oraz pan pani po pod podczas pomoc pomocy
ponad ponieważ potem powoli praca pracy problem proszę prawie przed przez przy raz razem razy rzecz są się sprawa
sprawy sprawnie szybko tak także tam tego tej ten teraz też to trochę tu tutaj tydzień tygodnie tylko tym usługa w
wcale więc większość wiele wszystko wszyscy z za zamiast zawsze ze zespół zgłoszenie znowu został źle że
"""
_RUSSIAN = """
а без был была было были быстро быть в вам вас вежливо ведь весь вместо во вовремя вообще вопрос вопроса вопросы вот
время все всегда всего всё всем всех вы где да даже два две дважды день дней для дня до долго должен дольше еще ещё ж
жду же за зачем здесь и из или им иногда их к каждый как какой кто когда который которые кроме ли либо лишь лучше мало
меня мне много можно мой мы на над надо назад наконец нам нами нас наш не него нее ней нельзя нет неделю недели недель
ни никак никакой никогда никто них ничего но ну нужно о об объяснил обычно один одна одно около он она они оно опять
от ответ ответа ответили ответов очень перед по под пока помощь помог помогли понятно после потом потому почему почти
при про проблема проблему просто раз раньше решили решение с сам сама сами сделали сделано себя сегодня сейчас слишком
служба снова со совсем спасибо сразу так такой также там те тем теперь то тогда того тоже той только том тот три тут
ты у уже часа часов час чего чем через что чтобы это этого этой этом этот эту я
"""

#: Case-folded words of the five languages that are not taken for a case of a name.
USUAL_WORDS = frozenset(f"{_ENGLISH} {_GERMAN} {_SPANISH} {_POLISH} {_RUSSIAN}".split())
