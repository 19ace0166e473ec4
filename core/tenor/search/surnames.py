"""Surnames that sound otherwise than their characters mostly do: 单 is ``dan``, and ``shan`` as a surname."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

#: by surname how it is read as such, and where people read it in two ways, both; a syllable a character
_READINGS: Final[Mapping[str, str]] = {
    "万俟": "mo qi", "乐正": "yue zheng", "单于": "chan yu", "尉迟": "yu chi", "澹台": "tan tai", "长孙": "zhang sun",
    "不": "fou", "乐": "yue", "么": "yao", "仇": "qiu", "冼": "xian", "区": "ou", "卜": "bu", "句": "gou",
    "召": "shao", "员": "yun", "单": "shan", "呙": "guo", "哈": "ha", "尉": "yu, wei", "干": "gan", "应": "ying",
    "折": "she", "撒": "sa", "晟": "cheng", "曾": "zeng", "朴": "piao", "查": "zha", "柏": "bai", "洗": "xian",
    "牟": "mou, mu", "盖": "ge", "盛": "sheng", "相": "xiang", "祭": "zhai", "种": "chong", "秘": "bi", "繁": "po",
    "纪": "ji", "缪": "miao", "翟": "zhai", "能": "nai", "莘": "shen, xin", "葛": "ge", "蕃": "pi", "薄": "bo",
    "藏": "zang", "覃": "qin, tan", "解": "xie", "訾": "zi", "谌": "chen, shen", "贲": "ben", "贾": "jia", "车": "che",
    "过": "guo", "逄": "pang", "那": "na", "郇": "xun, huan", "郗": "xi, chi", "都": "du", "铫": "yao", "长": "zhang",
    "阚": "kan", "隗": "wei, kui", "隽": "juan", "黑": "he", "宿": "su", "钭": "tou", "殷": "yin", "令": "ling",
    "單": "shan", "區": "ou", "樂": "yue", "員": "yun", "蓋": "ge", "種": "chong", "繆": "miao", "尉遲": "yu chi",
    "萬俟": "mo qi",
}  # fmt: skip
_LONGEST: Final = 2


def readings(text: str) -> Iterator[list[str]]:
    """How the surname with which a text begins may be read as such, a syllable a character; nothing where it begins
    with none that is read otherwise."""
    for length in range(min(_LONGEST, len(text)), 0, -1):
        for said in filter(None, _READINGS.get(text[:length], "").split(", ")):
            yield said.split()
