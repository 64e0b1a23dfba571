"""A household may say who stands first on its papers."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0006_ability_of_a_district"),
    ]

    operations = [
        migrations.AddField(
            model_name="household",
            name="head",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="people.person",
                verbose_name="户主",
            ),
        ),
    ]  # fmt: skip
