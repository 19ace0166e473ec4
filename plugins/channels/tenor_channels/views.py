"""Groups, numbers and contact persons on screen."""

from tenor_channels.access import record_consent, set_address, tell_contacts
from tenor_channels.contacts import Agreed, ByHand, give_consent, tell_by_hand, withdraw_consent
from tenor_channels.records import (
    ChatGroup,
    Consent,
    ContactNotice,
    ContactPerson,
    GroupMember,
    MobileNumber,
    Post,
    Purpose,
    Sms,
    SmsNews,
)
from tenor_channels.services import RobotAddress, set_robot
from tenor_sdk import Action, FormView, ListView, Menu, Section
from tenor_sdk.views import Related

groups = ListView(ChatGroup, (ChatGroup.name, ChatGroup.tells_words), sort=ChatGroup.name)
group_form = FormView(
    ChatGroup,
    Section("Group", ChatGroup.name, ChatGroup.tells_words),
    Related(GroupMember.parent_id, (GroupMember.user_id, GroupMember.chat_id), title="Members"),
    Related(
        Post.group_id, (Post.posted_at, Post.user_id, Post.state, Post.problem), title="Posted"
    ),
)
menu = Menu("Chat groups", groups, app="Admin", order=105, needs=set_address)

posts = ListView(
    Post,
    (Post.posted_at, Post.group_id, Post.user_id, Post.state, Post.problem),
    filters=(Post.group_id, Post.user_id, Post.state, Post.posted_at),
    sort=Post.posted_at,
    descending=True,
)
post_form = FormView(
    Post,
    Section(
        "Posted in a group",
        Post.group_id,
        Post.user_id,
        Post.posted_at,
        Post.attempt,
        Post.state,
        Post.problem,
        Post.words,
    ),
)
posts_menu = Menu("Posted in groups", posts, app="Admin", order=106, needs=set_address)

address_action = Action(
    name="address",
    title="Set the robot’s address",
    on=ChatGroup,
    do=set_robot,
    inputs=RobotAddress,
    needs=set_address,
)

numbers = ListView(MobileNumber, (MobileNumber.user_id, MobileNumber.number))
numbers_menu = Menu("Mobile numbers", numbers, app="Admin", order=107, needs=set_address)

messages = ListView(
    Sms,
    (Sms.sent_at, Sms.user_id, Sms.mobile, Sms.parts, Sms.state, Sms.problem),
    filters=(Sms.user_id, Sms.state, Sms.sent_at),
    sort=Sms.sent_at,
    descending=True,
)
message_form = FormView(
    Sms,
    Section(
        "SMS",
        Sms.user_id,
        Sms.mobile,
        Sms.sent_at,
        Sms.attempt,
        Sms.parts,
        Sms.state,
        Sms.reported_at,
        Sms.problem,
        Sms.words,
    ),
)
messages_menu = Menu("SMS sent", messages, app="Admin", order=108, needs=set_address)

news = ListView(
    SmsNews,
    (
        SmsNews.happened_at, SmsNews.kind, SmsNews.mobile, SmsNews.key, SmsNews.problem,
        SmsNews.applied_at,
    ),
    filters=(SmsNews.kind, SmsNews.happened_at), sort=SmsNews.happened_at, descending=True,
)  # fmt: skip
news_form = FormView(
    SmsNews,
    Section(
        "Report of the SMS provider", SmsNews.event, SmsNews.kind, SmsNews.happened_at, SmsNews.key,
        SmsNews.mobile, SmsNews.words, SmsNews.problem, SmsNews.applied_at,
    ),
)  # fmt: skip
news_menu = Menu("Reports on SMS", news, app="Admin", order=109, needs=set_address)

contacts = ListView(
    ContactPerson,
    (
        ContactPerson.name,
        ContactPerson.acts_for,
        ContactPerson.email,
        ContactPerson.mobile,
        ContactPerson.unit_id,
    ),
    filters=(ContactPerson.unit_id,),
    sort=ContactPerson.name,
)
contact_form = FormView(
    ContactPerson,
    Section(
        "Contact person",
        ContactPerson.name,
        ContactPerson.acts_for,
        ContactPerson.email,
        ContactPerson.mobile,
        ContactPerson.language,
    ),
    Related(
        Consent.contact_id,
        (Consent.said_on, Consent.purpose_id, Consent.way, Consent.act, Consent.evidence),
        title="Consents",
    ),
    Related(
        ContactNotice.contact_id,
        (
            ContactNotice.title,
            ContactNotice.purpose_id,
            ContactNotice.way,
            ContactNotice.state,
            ContactNotice.sent_at,
        ),
        title="Told",
    ),
    facts=(ContactPerson.acts_for,),
)
contacts_menu = Menu("Contacts", contacts, icon="users", order=62)
told = ListView(
    ContactNotice,
    (
        ContactNotice.title,
        ContactNotice.contact_id,
        ContactNotice.purpose_id,
        ContactNotice.way,
        ContactNotice.state,
        ContactNotice.sent_at,
        ContactNotice.problem,
    ),
    filters=(ContactNotice.purpose_id, ContactNotice.way, ContactNotice.state),
    sort=ContactNotice.created_at,
    descending=True,
)
told_form = FormView(
    ContactNotice,
    Section(
        "Notice to a contact person",
        ContactNotice.contact_id,
        ContactNotice.purpose_id,
        ContactNotice.consent_id,
        ContactNotice.way,
        ContactNotice.address,
        ContactNotice.created_by_id,
        ContactNotice.asked_by,
        ContactNotice.created_at,
        ContactNotice.state,
        ContactNotice.sent_at,
        ContactNotice.reported_at,
        ContactNotice.problem,
        ContactNotice.parts,
        ContactNotice.words,
    ),
)
consent_form = FormView(
    Consent,
    Section(
        "Consent",
        Consent.contact_id,
        Consent.purpose_id,
        Consent.way,
        Consent.act,
        Consent.said_on,
        Consent.said_by,
        Consent.evidence,
        Consent.where,
        Consent.file_id,
        Consent.address,
        Consent.created_by_id,
        Consent.words,
    ),
)
told_menu = Menu("Told", told, app="Contacts", order=63)
purposes = ListView(Purpose, (Purpose.title, Purpose.code), sort=Purpose.title)
purposes_menu = Menu("Purposes", purposes, app="Contacts", order=64, needs=record_consent)

give_action = Action(
    name="give-consent",
    title="Record a consent",
    on=ContactPerson,
    do=give_consent,
    inputs=Agreed,
    needs=record_consent,
)
withdraw_action = Action(
    name="withdraw-consent",
    title="Withdraw a consent",
    on=ContactPerson,
    do=withdraw_consent,
    inputs=Agreed,
    needs=record_consent,
)
tell_action = Action(
    name="tell",
    title="Tell them something",
    on=ContactPerson,
    do=tell_by_hand,
    inputs=ByHand,
    needs=tell_contacts,
)
