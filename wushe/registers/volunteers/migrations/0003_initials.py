"""Fill the initials of titles that were there before."""

from django.db import migrations

from wushe.registers.desk.filling import fill_initials


class Migration(migrations.Migration):

    dependencies = [('volunteers', '0002_skills_hours_guardians')]

    operations = [fill_initials('volunteers', ('Team', 'name'), ('Post', 'title'))]
