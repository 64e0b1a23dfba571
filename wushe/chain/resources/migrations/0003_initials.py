"""Fill the initials of titles that were there before."""

from django.db import migrations

from wushe.registers.desk.filling import fill_initials


class Migration(migrations.Migration):

    dependencies = [('resources', '0002_donors_of_resources')]

    operations = [fill_initials('resources', ('Resource', 'title'))]
