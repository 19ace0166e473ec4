from tenor_heralds.records import News
from tenor_sdk import Role, can

scribe = Role("Scribe", can.edit(News), positions=("service:heralds",))
