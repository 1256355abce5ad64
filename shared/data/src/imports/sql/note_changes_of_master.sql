-- Before-images of the rows that the License Master really changes, or brings back: a row that only its fingerprint calls new is
-- left alone.
INSERT INTO import_changes (import_id, license_number, operation, before)
SELECT s.import_id, c.license_number, 'UPDATE', to_jsonb(c) - '{search,display_name}'::text[]
FROM import_staging AS s
JOIN california_contractors AS c USING (license_number)
WHERE s.import_id = $1
    AND (
        (c.removed_from_source_on IS NOT NULL)
        OR (
            c.region, c.business_name, c.full_business_name, c.dba_name, c.business_type, c.address, c.city,
            c.state, c.county, c.zip_code, c.country, c.phone, c.issue_date, c.reissue_date,
            c.expiration_date, c.inactivation_date, c.reactivation_date, c.pending_suspension,
            c.pending_class_removal, c.pending_class_replace, c.primary_status, c.secondary_status,
            c.in_good_standing, c.classifications, c.asbestos_registration, c.wc_coverage_type,
            c.wc_insurance_company, c.wc_policy_number, c.wc_effective_date, c.wc_expiration_date,
            c.wc_cancellation_date, c.wc_suspend_date, c.cb_surety_company, c.cb_number, c.cb_effective_date,
            c.cb_cancellation_date, c.cb_amount_cents, c.wb_surety_company, c.wb_number, c.wb_effective_date,
            c.wb_cancellation_date, c.wb_amount_cents, c.db_surety_company, c.db_number, c.db_effective_date,
            c.db_cancellation_date, c.db_amount_cents, c.date_required, c.discp_case_region, c.db_bond_reason,
            c.db_case_no, c.name_tp_2, c.coordinates
        ) IS DISTINCT FROM (
            s.region, s.business_name, s.full_business_name, s.dba_name, s.business_type, s.address, s.city,
            s.state, s.county, s.zip_code, s.country, s.phone, s.issue_date, s.reissue_date,
            s.expiration_date, s.inactivation_date, s.reactivation_date, s.pending_suspension,
            s.pending_class_removal, s.pending_class_replace, s.primary_status, s.secondary_status,
            s.in_good_standing, s.classifications, s.asbestos_registration, s.wc_coverage_type,
            s.wc_insurance_company, s.wc_policy_number, s.wc_effective_date, s.wc_expiration_date,
            s.wc_cancellation_date, s.wc_suspend_date, s.cb_surety_company, s.cb_number, s.cb_effective_date,
            s.cb_cancellation_date, s.cb_amount_cents, s.wb_surety_company, s.wb_number, s.wb_effective_date,
            s.wb_cancellation_date, s.wb_amount_cents, s.db_surety_company, s.db_number, s.db_effective_date,
            s.db_cancellation_date, s.db_amount_cents, s.date_required, s.discp_case_region, s.db_bond_reason,
            s.db_case_no, s.name_tp_2,
            ST_Point(s.longitude, s.latitude, 4326)::geography
        )
    )
