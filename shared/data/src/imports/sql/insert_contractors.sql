-- The rows of the file that are new. ST_Point of a NULL is NULL.
INSERT INTO california_contractors (
    license_number, region, business_name, full_business_name, dba_name, business_type, address, city, state,
    county, zip_code, country, phone, issue_date, reissue_date, expiration_date, inactivation_date,
    reactivation_date, pending_suspension, pending_class_removal, pending_class_replace, primary_status,
    secondary_status, in_good_standing, classifications, asbestos_registration, wc_coverage_type,
    wc_insurance_company, wc_policy_number, wc_effective_date, wc_expiration_date, wc_cancellation_date,
    wc_suspend_date, cb_surety_company, cb_number, cb_effective_date, cb_cancellation_date, cb_amount_cents,
    wb_surety_company, wb_number, wb_effective_date, wb_cancellation_date, wb_amount_cents, db_surety_company,
    db_number, db_effective_date, db_cancellation_date, db_amount_cents, date_required, discp_case_region,
    db_bond_reason, db_case_no, name_tp_2,
    coordinates, first_import_id, last_import_id
)
SELECT
    s.license_number, s.region, s.business_name, s.full_business_name, s.dba_name, s.business_type, s.address,
    s.city, s.state, s.county, s.zip_code, s.country, s.phone, s.issue_date, s.reissue_date,
    s.expiration_date, s.inactivation_date, s.reactivation_date, s.pending_suspension,
    s.pending_class_removal, s.pending_class_replace, s.primary_status, s.secondary_status,
    s.in_good_standing, s.classifications, s.asbestos_registration, s.wc_coverage_type,
    s.wc_insurance_company, s.wc_policy_number, s.wc_effective_date, s.wc_expiration_date,
    s.wc_cancellation_date, s.wc_suspend_date, s.cb_surety_company, s.cb_number, s.cb_effective_date,
    s.cb_cancellation_date, s.cb_amount_cents, s.wb_surety_company, s.wb_number, s.wb_effective_date,
    s.wb_cancellation_date, s.wb_amount_cents, s.db_surety_company, s.db_number, s.db_effective_date,
    s.db_cancellation_date, s.db_amount_cents, s.date_required, s.discp_case_region, s.db_bond_reason,
    s.db_case_no, s.name_tp_2,
    ST_Point(s.longitude, s.latitude, 4326)::geography, s.import_id, s.import_id
FROM import_staging AS s
WHERE s.import_id = $1
    AND NOT EXISTS (SELECT FROM california_contractors AS c WHERE c.license_number = s.license_number)
