"""Alibaba Cloud Model Studio (Bailian): the detailed bill, `consumedetailbillv2` CSV.

One row per minute and direction, without requests. The third part of the instance is the model, the
fourth says input or output. Quantities are those before the free quota is taken off, amounts are what
is payable with tax.
"""

from roi_xl.usage.cell_values import name_of
from roi_xl.usage.declaration import MONEY, Format, Key, Number, Target, Values, bucket, currency_of
from roi_xl.usage.directions import direction, measures, tokens_per_unit

FREE_QUOTA = "免费额度"
FREE = "free"


def _target(keys: Values, order: str | None) -> Target:
    unit = tokens_per_unit(keys[3]) if "token" in keys[3].lower() else None
    start, end = bucket(keys[0], "", order)
    if unit is None:  # another service, which shows that its day is in the file
        return Target(start, end)
    currency = currency_of(keys[4])
    parts = keys[2].split(";")
    meter = next((part for part in parts[3:] if "token" in part.lower()), "")
    model = name_of(parts[2], "model") if len(parts) > 2 else ""
    kind = direction(meter)
    if kind is None or not model:
        return Target(
            start, end, adds=((MONEY, 1, 1.0),), currency=currency, aside=model or keys[5]
        )
    adds = [(measure, 0, unit) for measure in measures(kind)]
    if keys[1] == FREE_QUOTA:
        adds.append((FREE, 0, unit))
    return Target(start, end, model, (*adds, (MONEY, 1, 1.0)), currency=currency)


FORMATS = (
    Format(
        name="aliyun_bill",
        family="aliyun",
        signature=(
            ("账单信息/账单日期",),
            ("资源信息/实例id（出账粒度）", "资源信息/实例id(出账粒度)"),
            ("用量信息/用量单位",),
            ("用量信息/抵扣前用量", "用量信息/用量"),
            ("应付信息/应付金额（含税）", "应付信息/应付金额(含税)"),
        ),
        keys=(
            Key(("账单信息/账单日期",), date=True),
            Key(("账单信息/费用类型",)),
            Key(("资源信息/实例id（出账粒度）", "资源信息/实例id(出账粒度)")),
            Key(("用量信息/用量单位",)),
            Key(("定价信息/定价币种",)),
            Key(("产品信息/商品名称",)),
        ),
        numbers=(
            Number(("用量信息/抵扣前用量", "用量信息/用量"), kind="amount", blank="needed"),
            Number(
                ("应付信息/应付金额（含税）", "应付信息/应付金额(含税)"),
                kind="amount",
                blank="needed",
            ),
        ),
        target=_target,
        requests=False,
    ),
)
