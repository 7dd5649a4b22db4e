from django.db import migrations

# What was judged stays, and a finished review is finished: a changed mind is a new row, before that.
FORBID = """
CREATE FUNCTION reviews_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'reviews are append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE FUNCTION reviews_refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.finished_at IS NOT NULL OR (to_jsonb(OLD) - 'finished_at' - 'finished_by')
            IS DISTINCT FROM (to_jsonb(NEW) - 'finished_at' - 'finished_by') THEN
        RAISE EXCEPTION 'a review is only finished, once' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION reviews_refuse_after_finish() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'reviews_sampled' THEN
        PERFORM FROM reviews_review r WHERE r.id = NEW.review_id AND r.finished_at IS NULL FOR SHARE;
    ELSIF TG_TABLE_NAME = 'reviews_judgement' THEN
        PERFORM FROM reviews_review r JOIN reviews_sampled s ON s.review_id = r.id
            WHERE s.id = NEW.sampled_id AND r.finished_at IS NULL FOR SHARE OF r;
    ELSE
        PERFORM FROM reviews_review r JOIN reviews_sampled s ON s.review_id = r.id
            JOIN reviews_judgement j ON j.sampled_id = s.id
            WHERE j.id = NEW.judgement_id AND r.finished_at IS NULL FOR SHARE OF r;
    END IF;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the review is finished' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reviews_review_stays BEFORE UPDATE ON reviews_review
    FOR EACH ROW EXECUTE FUNCTION reviews_refuse_rewriting();
CREATE TRIGGER reviews_review_is_not_removed BEFORE DELETE ON reviews_review
    FOR EACH ROW EXECUTE FUNCTION reviews_refuse_change();
"""
STAYS = """
CREATE TRIGGER reviews_{table}_stays BEFORE UPDATE OR DELETE ON reviews_{table}
    FOR EACH ROW EXECUTE FUNCTION reviews_refuse_change();
"""
BEFORE_FINISH = """
CREATE TRIGGER reviews_{table}_is_of_an_open_one BEFORE INSERT ON reviews_{table}
    FOR EACH ROW EXECUTE FUNCTION reviews_refuse_after_finish();
"""
UNDO = """
DROP FUNCTION reviews_refuse_change() CASCADE;
DROP FUNCTION reviews_refuse_rewriting() CASCADE;
DROP FUNCTION reviews_refuse_after_finish() CASCADE;
"""
MADE = FORBID
MADE += ''.join(STAYS.format(table=table) for table in ('sampled', 'judgement', 'answer', 'reported', 'reminder'))
MADE += ''.join(BEFORE_FINISH.format(table=table) for table in ('sampled', 'judgement', 'answer'))


class Migration(migrations.Migration):

    dependencies = [
        ('reviews', '0001_initial'),
    ]

    operations = [
        migrations.RunSQL(MADE, UNDO),
    ]
