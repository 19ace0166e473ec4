"""Groups and numbers on screen."""

from tenor_channels.access import set_address
from tenor_channels.records import ChatGroup, GroupMember, MobileNumber, Post, Sms
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
messages_menu = Menu("SMS sent", messages, app="Admin", order=108, needs=set_address)
