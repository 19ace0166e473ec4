"""Rules on screen."""

from tenor_automation.access import write_rules
from tenor_automation.records import Act, Occasion, Rule, Run, ToDo
from tenor_automation.services import revise
from tenor_automation.sheets import about, names_of_rule, runs_of, would_have_done
from tenor_automation.workflow import enable, propose
from tenor_sdk import Action, Context, FormView, ListView, Menu, Panel, Section, Tab
from tenor_sdk.views import Only

rule_list = ListView(
    Rule,
    (Rule.name, Rule.about, Rule.occasion, Rule.act, Rule.edition, Rule.acting_id, Rule.state),
    filters=(Rule.state, Rule.occasion, Rule.act),
    sort=Rule.name,
)
menu = Menu("Automation", rule_list, icon="adjustments-horizontal", order=80)
run_list = ListView(
    Run,
    (
        Run.rule_id,
        Run.occasion,
        Run.about,
        Run.record_id,
        Run.outcome,
        Run.said,
        Run.error,
        Run.created_at,
    ),
    filters=(Run.rule_id, Run.outcome),
    sort=Run.created_at,
    descending=True,
)
runs_menu = Menu("Runs", run_list, app="Automation", order=81)
to_do_list = ListView(
    ToDo,
    (
        ToDo.title,
        ToDo.about,
        ToDo.record_id,
        ToDo.rule_name,
        ToDo.position,
        ToDo.owner_id,
        ToDo.state,
    ),
    filters=(ToDo.state,),
)
to_dos_menu = Menu("To-dos", to_do_list, app="Automation", order=82)

dry = Panel(title="Dry run", content=would_have_done, beside=(propose, enable))
runs = Panel(title="Runs", content=runs_of, needs=Run)
names = Panel(title="Names for expressions", content=names_of_rule, needs=write_rules)
rule_form = FormView(
    Rule,
    Section(
        "When", Rule.name, Rule.about, Rule.occasion, Rule.event_name, Rule.changed_field, Rule.date_field, Rule.days,
        Rule.counted_in, Rule.minutes, Rule.from_time, Rule.to_time, Rule.weekdays, Rule.month_day,
        Rule.last_working_day, Rule.working_days_only,
    ),
    Section("If", Rule.condition),
    Section(
        "Then", Rule.act, Rule.words, Rule.position, Rule.transition_name, Rule.field_name, Rule.field_value,
        Rule.tag_code, Rule.tag_days,
    ),
    Section("In whose name", Rule.acts_for, Rule.unit_id, Rule.owner_id),
    Tab("Dry run", dry),
    Tab("Runs", runs),
    Tab("Names", names),
    facts=(Rule.acting_id, Rule.edition),
    only=(
        Only(Rule.occasion, (Occasion.EVENT,), Rule.event_name),
        Only(Rule.occasion, (Occasion.CHANGE,), Rule.changed_field),
        Only(Rule.occasion, (Occasion.DATE,), Rule.date_field, Rule.days, Rule.counted_in),
        Only(Rule.occasion, (Occasion.INTERVAL,), Rule.minutes, Rule.from_time, Rule.to_time),
        Only(Rule.occasion, (Occasion.WEEKLY,), Rule.weekdays),
        Only(Rule.occasion, (Occasion.MONTHLY,), Rule.month_day, Rule.last_working_day),
        Only(
            Rule.occasion, (Occasion.DAILY, Occasion.INTERVAL, Occasion.WEEKLY, Occasion.MONTHLY),
            Rule.working_days_only,
        ),
        Only(Rule.act, (Act.NOTICE, Act.TASK, Act.TRANSITION, Act.TAG), Rule.words),
        Only(Rule.act, (Act.NOTICE, Act.TASK), Rule.position),
        Only(Rule.act, (Act.TRANSITION,), Rule.transition_name),
        Only(Rule.act, (Act.FIELD,), Rule.field_name, Rule.field_value),
        Only(Rule.act, (Act.TAG,), Rule.tag_code, Rule.tag_days),
    ),
)  # fmt: skip
run_form = FormView(
    Run,
    Section(
        "Run",
        Run.rule_id,
        Run.edition,
        Run.occasion,
        Run.about,
        Run.record_id,
        Run.outcome,
        Run.said,
        Run.error,
        Run.causes,
    ),
    Panel(title="About", content=about),
)
to_do_form = FormView(
    ToDo,
    Section("To-do", ToDo.title, ToDo.rule_name, ToDo.position, ToDo.owner_id),
    Panel(title="About", content=about),
)


def _in_force(_ctx: Context, rule: Rule) -> bool:
    return rule.state in ("active", "paused", "ended")


def _revise(ctx: Context, rule: Rule, _inputs: None) -> str:
    return f"/automation/rule/{revise(ctx, rule).id}"


revise_action = Action(
    name="revise", title="Revise", on=Rule, do=_revise, needs=write_rules, shown=_in_force
)
