from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenor_customers.demo_files import demo_uscc
from tenor_customers.domain.identifiers import uscc_with_check
from tenor_customers.domain.names import (
    Identity,
    normal_company_name,
    resemblance,
    similarity,
    split_legal_form,
)

ZEYUAN = "泽远精密制造股份有限公司"
names = st.text(
    st.sampled_from("泽远精密制造股份有限公司集团（）()〔〕国國ＡbC 　Ltd.·"), max_size=20
)


@pytest.mark.parametrize(
    "other",
    [
        "北京甲乙(集团)有限公司",
        "北京甲乙（集团）有限公司",
        " 北京甲乙 〔集团〕 有限公司 ",
        "北京甲乙【集团】有限公司\u200b",
        "北京甲乙（集團）有限公司",
    ],
)
def test_brackets_width_spaces_and_traditional_forms_make_no_other_name(other: str) -> None:
    assert normal_company_name(other) == normal_company_name("北京甲乙（集团）有限公司")


def test_the_legal_form_stays_part_of_the_name() -> None:
    assert normal_company_name("泽远精密制造有限公司") != normal_company_name(ZEYUAN)


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        (ZEYUAN, ("泽远精密制造", "股份有限公司")),
        ("盛川（集团）有限公司", ("盛川", "(集团)有限公司")),
        ("Zeyuan Precision Co., Ltd.", ("zeyuanprecision", "coltd")),
        ("有限公司", ("有限", "公司")),
        ("甲乙", ("甲乙", "")),
    ],
)
def test_a_name_parts_from_its_legal_form(name: str, parts: tuple[str, str]) -> None:
    assert split_legal_form(name) == parts


@given(name=names)
def test_a_comparable_name_compares_as_itself(name: str) -> None:
    once = normal_company_name(name)
    assert normal_company_name(once) == once


@given(one=names, other=names)
def test_similarity_is_the_same_both_ways_and_a_share(one: str, other: str) -> None:
    found = similarity(one, other)
    assert found == similarity(other, one)
    assert 0 <= found <= 1


@given(name=names)
def test_a_name_is_wholly_similar_to_itself(name: str) -> None:
    assert similarity(name, name) == Fraction(1)


# --- near duplicates -----------------------------------------------------------------------------------

MOVED = uscc_with_check("91320500TN0000013")


def test_a_limited_company_that_became_joint_stock_is_offered_with_its_reasons() -> None:
    typed = Identity(ZEYUAN, demo_uscc(1), representative="guo")
    known = Identity("泽远精密制造有限公司", MOVED, representative="guo")
    found = resemblance(typed, known)
    assert found is not None
    assert found.reasons == (
        "same-organisation-code",
        "same-name-other-legal-form",
        "same-representative",
    )
    assert not found.certain


def test_the_same_credit_code_is_certain_whatever_the_name() -> None:
    found = resemblance(Identity("甲", demo_uscc(1)), Identity("乙", demo_uscc(1).lower()))
    assert found is not None
    assert found.certain
    assert found.reasons[0] == "same-uscc"


def test_the_same_lei_is_certain() -> None:
    lei = "213800KUD8LAJWSQ9D15"
    found = resemblance(Identity("甲", lei=lei), Identity("乙", lei=lei))
    assert found is not None
    assert found.certain


def test_a_name_that_the_other_used_to_have_is_a_reason() -> None:
    known = Identity("云州泽远科技有限公司", former_names=(ZEYUAN,))
    found = resemblance(Identity(ZEYUAN), known)
    assert found is not None
    assert found.reasons == ("former-name",)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            Identity("盛川物流有限公司", representative="lin"),
            Identity("盛川置业有限公司", representative="lin"),
        ),
        (Identity("甲方", region="330100"), Identity("乙方", region="330106")),
        (
            Identity("", "", representative="x", region="330100"),
            Identity("", "", representative="x", region="330100"),
        ),
        (Identity("泽远精密机械制造有限公司"), Identity("泽远精密机械制品有限公司")),
    ],
)
def test_a_representative_a_region_or_a_like_name_alone_makes_no_duplicate(
    one: Identity, other: Identity
) -> None:
    assert resemblance(one, other) is None


def test_a_like_name_in_the_same_city_is_offered() -> None:
    one = Identity("云州泽远精密机械设备制造有限公司", region="330106")
    found = resemblance(one, Identity("云州泽远精密机械设备制作有限公司", region="330100"))
    assert found is not None
    assert found.reasons == ("similar-name", "same-region")


@given(one=names, other=names)
def test_two_customers_resemble_each_other_both_ways(one: str, other: str) -> None:
    mine, theirs = Identity(one, region="330100"), Identity(other, region="330100")
    assert resemblance(mine, theirs) == resemblance(theirs, mine)
