from tenor_inspections.workflow import inspect
from tenor_sdk import Role, can
from tenor_sdk.access import RISK_OFFICER

inspector = Role("Inspector", can.use(inspect), positions=(RISK_OFFICER,))
