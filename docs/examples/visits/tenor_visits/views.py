"""What this plugin adds to the errands' list and page."""

from tenor_errands.public import Errand, errand_form, errand_list, what
from tenor_sdk import Section, ViewPatch
from tenor_visits.records import ErrandVisits

column = ViewPatch(view=errand_list, after=Errand.subject, add=(ErrandVisits.visits,))
section = ViewPatch(
    view=errand_form,
    after=what,
    add=(Section("Visits", ErrandVisits.visits),),
    facts=(ErrandVisits.visits,),
)
