-- A trigger that is shown the rows of a statement has each of them copied for it: a tenth of what PostgreSQL spends on
-- loading a file, to find that all are of one region. Those regions of which anybody is registered are few, and to go
-- from each to the next is one step in the key's index, whatever a plan made for an empty table would say.
DROP TRIGGER registration_made ON "registration";--> statement-breakpoint
CREATE OR REPLACE FUNCTION registration_is_of_a_region() RETURNS trigger LANGUAGE plpgsql
  SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off AS $$
DECLARE
  known text;
BEGIN
  SELECT min(region) INTO known FROM registration;
  WHILE known IS NOT NULL LOOP
    IF NOT EXISTS (SELECT FROM region WHERE region.id = known) THEN
      RAISE foreign_key_violation USING MESSAGE = 'a registration is of a region', TABLE = 'registration', CONSTRAINT = 'registration_of_region';
    END IF;
    SELECT min(region) INTO known FROM registration WHERE region > known;
  END LOOP;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER registration_made AFTER INSERT ON "registration"
  FOR EACH STATEMENT EXECUTE FUNCTION registration_is_of_a_region();
