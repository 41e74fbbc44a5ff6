"""Invented names of the sample company's people, by language: every full name stands for one person."""

from collections.abc import Iterator
from itertools import product
from types import MappingProxyType

import numpy as np

_FIRST = MappingProxyType({
    "en": "Alice Brian Clara Dylan Edith Frank Grace Harry Irene Jack Kate Liam Maeve Nigel Olive Peter"
          " Queenie Rupert Sheila Toby Una Victor Wendy Zachary Audrey Basil Cora Dexter",
    "de": "Anke Bernd Carla Dirk Elke Florian Gesa Holger Ines Jonas Katja Lars Maren Nils Petra Ralf"
          " Sabine Tilo Ulrike Volker Wiebke Xaver Yvonne Zeno Almut Bodo",
    "pl": "Agata Bartosz Celina Damian Ewa Filip Grażyna Hubert Iga Jakub Kinga Łukasz Marta Norbert Ola Piotr"
          " Renata Sławomir Teresa Urban Wanda Zbigniew Żaneta Janusz",
    "ru": "Алла Борис Вера Глеб Дарья Егор Жанна Захар Инна Кирилл Лидия Матвей Нина Олег Полина Роман"
          " Софья Тимур Ульяна Фёдор Юлия Эдуард Яна Антон",
    "es": "Ana Bruno Carmen Diego Elena Félix Gloria Hugo Inés Javier Lola Martín Nuria Óscar Pilar Raúl"
          " Silvia Tomás Úrsula Vicente Ximena Yago Zoe Ernesto",
})  # fmt: skip
_LAST = MappingProxyType({
    "en": "Ashdown Birch Calder Dunmore Elwood Fenwick Garland Hartwell Kingsley Lorimer Marlow Norcott"
          " Ormsby Pelham Quayle Radley Selwyn Thornbury Upton Vance Wexford Yardley Ives Jessop"
          " Aldridge Bramley Colville Denholm",
    "de": "Ahrendt Brinkmann Cordes Dahlke Eschbach Fechner Gehrke Hollweg Kessler Lindner Moers Ostwald"
          " Pagels Quandt Reimers Sievers Tietjen Uhlig Voss Wrede Zander Illner Jansen Nolte Asmus Behnke",
    "pl": "Adamiec Borkowski Cieślak Dudek Frankowski Gajda Jasiński Kalinowski Lis Mazurek Nowicki Pawlak"
          " Rybicki Sikora Tokarski Urbaniak Wilk Zawadzki Żurek Hajduk Ignasiak Łapiński Ostrowski Stępień",
    "ru": "Аверин Белов Воронцов Громов Демидов Ершов Жилин Зимин Калугин Ларин Морозов Орлов"
          " Панин Рогов Сомов Тихонов Уваров Фомин Хохлов Чагин Шубин Юдин Яшин Носов",
    "es": "Alarcón Benítez Cárdenas Duarte Escobar Fuentes Galván Herrera Ibarra Lozano Molina Nieto"
          " Ortega Palacios Quiroga Robles Salinas Tejada Urrutia Valdés Zamora Jurado Medina Ocampo",
})  # fmt: skip


def names_by_language(taken: frozenset[str], rng: np.random.Generator) -> dict[str, Iterator[str]]:
    """Return, per language, full names in a random order: none twice, and none of those that are taken already."""
    found = {}
    for language, firsts in _FIRST.items():
        names = [_full_name(language, *pair) for pair in product(firsts.split(), _LAST[language].split())]
        free = [name for name in names if name not in taken]
        found[language] = iter([free[place] for place in rng.permutation(len(free))])
    return found


def _full_name(language: str, first: str, last: str) -> str:
    """Return a family name behind a first name: Russian and Polish women's names end in -a."""
    is_woman = first.endswith(("a", "а", "я"))
    if language == "ru" and is_woman:
        return f"{first} {last}а"
    if language == "pl" and is_woman and last.endswith("ki"):
        return f"{first} {last[:-1]}a"
    return f"{first} {last}"
