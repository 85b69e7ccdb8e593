from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('identity', '0006_certificates_asked_of_issuers'),
    ]

    operations = [
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('name_hash', models.BinaryField(primary_key=True, serialize=False)),
                ('tries', models.IntegerField()),
                ('until', models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.RemoveField(
            model_name='account',
            name='last_login',
        ),
    ]
