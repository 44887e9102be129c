-- The register is kept in memory by every process; this row tells them when to read it again, whoever changed it.
ALTER TABLE "epoch" DROP CONSTRAINT "epoch_kind_known";--> statement-breakpoint
ALTER TABLE "epoch" ADD CONSTRAINT "epoch_kind_known" CHECK ("kind" IN ('person','region','institution','registry'));--> statement-breakpoint
INSERT INTO "epoch" ("kind", "key", "value") VALUES ('registry', '', 1);--> statement-breakpoint
CREATE FUNCTION registry_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Once a transaction, however many rows it changes.
  IF current_setting('tsunagi.registry_changed', true) IS DISTINCT FROM pg_current_xact_id()::text THEN
    PERFORM set_config('tsunagi.registry_changed', pg_current_xact_id()::text, true);
    UPDATE epoch SET value = value + 1 WHERE kind = 'registry' AND key = '';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
-- Deferred to the end of the transaction: taken last, its lock can make no two changes wait for each other.
DO $$
DECLARE
  part text;
BEGIN
  FOREACH part IN ARRAY ARRAY['region', 'region_key', 'agreement', 'institution', 'membership', 'policy'] LOOP
    EXECUTE format('CREATE CONSTRAINT TRIGGER %I AFTER INSERT OR UPDATE OR DELETE ON %I DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION registry_changed()', part || '_registry_changed', part);
    EXECUTE format('CREATE TRIGGER %I AFTER TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION registry_changed()', part || '_registry_emptied', part);
  END LOOP;
END $$;
--> statement-breakpoint
COMMENT ON FUNCTION registry_changed() IS 'Raises the epoch of the register.';
