from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('outbox', '0002_row_security'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='message',
            name='outbox_template_is_known',
        ),
        migrations.AlterField(
            model_name='message',
            name='template',
            field=models.CharField(choices=[('listing.changed', 'listing.changed'), ('listing.withdrawn', 'listing.withdrawn'), ('listing.left', 'listing.left'), ('listing.passive', 'listing.passive'), ('queue.joined', 'queue.joined'), ('queue.closed', 'queue.closed'), ('offer.made', 'offer.made'), ('offer.expired', 'offer.expired'), ('choice.waits', 'choice.waits'), ('choice.refused', 'choice.refused'), ('choice.void', 'choice.void'), ('doctor.named', 'doctor.named'), ('doctor.ended', 'doctor.ended'), ('listing.welcome', 'listing.welcome'), ('block.placed', 'block.placed'), ('block.lifted', 'block.lifted'), ('opened.by_consent', 'opened.by_consent'), ('opened.in_emergency', 'opened.in_emergency')], max_length=40),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(('template__in', ['listing.changed', 'listing.withdrawn', 'listing.left', 'listing.passive', 'queue.joined', 'queue.closed', 'offer.made', 'offer.expired', 'choice.waits', 'choice.refused', 'choice.void', 'doctor.named', 'doctor.ended', 'listing.welcome', 'block.placed', 'block.lifted', 'opened.by_consent', 'opened.in_emergency'])), name='outbox_template_is_known'),
        ),
    ]
