from django.db import migrations, models

KEEPING = """
create or replace function registries_keep_version() returns trigger language plpgsql as $$
begin
  if old.state in ('published', 'retired')
     and (new.declared, new.number, new.registry_id{more}) is distinct from
         (old.declared, old.number, old.registry_id{more_old}) then
    raise exception 'registries: a published version never changes' using errcode = 'RG003';
  end if;
  return new;
end $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("registries", "0005_answers_to_programs"),
    ]

    operations = [
        migrations.AddField("column", "dropped_at", models.DateTimeField(null=True)),
        migrations.AddField("column", "forgotten_at", models.DateTimeField(null=True)),
        migrations.AddField("registry", "reshaped", models.PositiveIntegerField(default=0)),
        migrations.AddField("registry", "withdrawn_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "registry", "withdrawn_by", models.CharField(blank=True, max_length=200)
        ),
        migrations.AddField("registry", "withdrawn_why", models.TextField(blank=True)),
        migrations.AddField("registry", "emptied_at", models.DateTimeField(null=True)),
        migrations.AddField("version", "replacements", models.JSONField(default=dict)),
        migrations.RunSQL(
            sql=KEEPING.replace("{more}", ", new.replacements").replace(
                "{more_old}", ", old.replacements"
            ),
            reverse_sql=KEEPING.replace("{more}", "").replace("{more_old}", ""),
        ),
    ]
