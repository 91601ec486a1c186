"""Invented names of places, in Chinese and English."""

from random import Random

from civicgrid.sample.layout import Node

Name = dict[str, str]

_FIRST = [
    "安An",
    "康Kang",
    "和He",
    "永Yong",
    "福Fu",
    "德De",
    "文Wen",
    "新Xin",
    "长Chang",
    "清Qing",
    "瑞Rui",
    "嘉Jia",
    "景Jing",
    "华Hua",
    "明Ming",
    "玉Yu",
    "金Jin",
    "锦Jin",
]
_SECOND = [
    "平ping",
    "宁ning",
    "泰tai",
    "兴xing",
    "民min",
    "园yuan",
    "苑yuan",
    "桥qiao",
    "泉quan",
    "岭ling",
    "溪xi",
    "柳liu",
    "桐tong",
    "梅mei",
    "枫feng",
    "堂tang",
    "祥xiang",
    "坊fang",
]
_STREETS = [
    "柳溪Liuxi",
    "望岭Wangling",
    "石桥Shiqiao",
    "南渡Nandu",
    "槐荫Huaiyin",
    "北园Beiyuan",
    "东川Dongchuan",
    "鹿鸣Luming",
    "云台Yuntai",
    "汇泉Huiquan",
    "双塔Shuangta",
    "青禾Qinghe",
]
ROADS = [
    "兰河大道",
    "柳溪路",
    "望岭街",
    "石桥路",
    "南渡街",
    "槐荫路",
    "北园街",
    "东川路",
    "鹿鸣街",
    "云台路",
    "汇泉路",
    "青禾街",
]
DISTRICT = {"zh": "兰河区", "en": "Lanhe District"}


def names(root: Node, random: Random) -> dict[str, Name]:
    """A name for every grid by code; communities' names are all different."""
    pairs = [_joined(first, second) for first in _FIRST for second in _SECOND]
    chosen = iter(random.sample(_distinct(pairs), len(root.at("community"))))
    found = {root.code: DISTRICT}
    for street, (zh, en) in zip(root.children, map(_parts, _STREETS), strict=True):
        found[street.code] = {"zh": f"{zh}街道", "en": f"{en} Street"}
        for community in street.children:
            found |= _community(community, next(chosen))
    return found


def _community(community: Node, pair: tuple[str, str]) -> dict[str, Name]:
    zh, en = pair
    found = {community.code: {"zh": f"{zh}社区", "en": f"{en} Community"}}
    for base in community.children:
        n = base.code[-1]
        found[base.code] = {"zh": f"{zh}第{n}基础网格", "en": f"{en} base grid {n}"}
        for unit in base.children:
            number = f"{n}-{unit.code[-2:]}"
            found[unit.code] = {"zh": f"{zh}{number}单元网格", "en": f"{en} unit grid {number}"}
    return found


def _parts(word: str) -> tuple[str, str]:
    zh = "".join(sign for sign in word if ord(sign) > 127)
    return zh, word[len(zh) :]


def _joined(first: str, second: str) -> tuple[str, str]:
    (a, b), (c, d) = _parts(first), _parts(second)
    return a + c, b + d


def _distinct(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """One pair for each English spelling, so that the English names are different too."""
    return list({en: (zh, en) for zh, en in pairs}.values())
