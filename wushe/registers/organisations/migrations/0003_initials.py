"""Fill the initials of titles that were there before."""

from django.db import migrations

from wushe.registers.desk.filling import fill_initials


class Migration(migrations.Migration):

    dependencies = [('organisations', '0002_contacts_and_activity')]

    operations = [fill_initials('organisations', ('Organisation', 'name'))]
