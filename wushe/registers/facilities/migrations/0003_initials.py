"""Fill the initials of titles that were there before."""

from django.db import migrations

from wushe.registers.desk.filling import fill_initials


class Migration(migrations.Migration):

    dependencies = [('facilities', '0002_rooms_and_stars')]

    operations = [fill_initials('facilities', ('Facility', 'name'))]
