"""Short forms of given names that no case ending explains: who wrote about Mascha meant Maria."""

from collections.abc import Mapping
from types import MappingProxyType

from app.domain.redaction.alphabets import folded

_PAIRS = """
александр саша шура саня
александра саша шура
алексей лёша алёша
алёна лена
анастасия настя
анатолий толя
андрей андрюша
анна аня анечка
борис боря
вадим вадик
валентина валя
валерий валера
василий вася
виктор витя
виктория вика
владимир вова володя
вячеслав слава
галина галя
геннадий гена
георгий жора гоша
григорий гриша
дарья даша
дмитрий дима митя
евгений женя
евгения женя
екатерина катя катюша
елена лена леночка
елизавета лиза
иван ваня
игорь игорёк
ирина ира
константин костя
ксения ксюша
лариса лара
леонид лёня
любовь люба
людмила люда мила
маргарита рита
мария маша
михаил миша
надежда надя
наталья наташа
наталия наташа
николай коля
ольга оля
павел паша
пётр петя
роман рома
светлана света
сергей серёжа
станислав стас
степан стёпа
татьяна таня
фёдор федя
юлия юля
юрий юра
яков яша
agnieszka aga
aleksandra ola
andrzej jędrek
anna ania
barbara basia
elżbieta ela
grzegorz grzesiek
jan janek
joanna asia
józef józek
katarzyna kasia
krzysztof krzysiek
łukasz łukaszek
magdalena magda
małgorzata gosia
marcin marcinek
michał michałek
paweł pawełek
piotr piotrek
stanisław staszek
tadeusz tadek
tomasz tomek
wojciech wojtek
zofia zosia
alexander alex sascha
benjamin ben
christian chris
christine tina
elisabeth lisa elli
friedrich fritz
johannes hannes
katharina kathi
matthias matze
michael micha mike mick
stefanie steffi
susanne susi
thomas tom
andrew andy
anthony tony
charles charlie
daniel dan danny
edward ed ted
elizabeth liz beth
james jim jimmy
jennifer jen jenny
john jack johnny
joseph joe
katherine kate kathy
margaret maggie peggy
matthew matt
nicholas nick
patricia pat patty
rebecca becky
richard rick dick
robert bob rob bobby
samantha sam
samuel sam
stephen steve
susan sue
timothy tim
victoria vicky
william bill will billy
antonio toni toño
concepción concha
dolores lola
enrique quique
fernando fer
francisco paco pancho kiko
francisca paca
guadalupe lupe
ignacio nacho
jesús chus
josé pepe
josefa pepa
juan juanito
manuel manolo manu
maría mari
mercedes merche
pilar pili
rosario charo
santiago santi
"""


def _table() -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    for line in _PAIRS.strip().splitlines():
        name, *short = line.split()
        table[folded(name)] = (*table.get(folded(name), ()), *short)
    return table


SHORT_FORMS: Mapping[str, tuple[str, ...]] = MappingProxyType(_table())


def short_forms(name: str) -> tuple[str, ...]:
    """Return the short forms of a folded given name."""
    return SHORT_FORMS.get(name, ())
