COPY import_staging (
    import_id, line,
    license_number, region, business_name, full_business_name, dba_name, business_type, address, city, state,
    county, zip_code, country, phone, issue_date, reissue_date, expiration_date, inactivation_date,
    reactivation_date, pending_suspension, pending_class_removal, pending_class_replace, primary_status,
    secondary_status, in_good_standing, classifications, asbestos_registration, wc_coverage_type,
    wc_insurance_company, wc_policy_number, wc_effective_date, wc_expiration_date, wc_cancellation_date,
    wc_suspend_date, cb_surety_company, cb_number, cb_effective_date, cb_cancellation_date, cb_amount_cents,
    wb_surety_company, wb_number, wb_effective_date, wb_cancellation_date, wb_amount_cents, db_surety_company,
    db_number, db_effective_date, db_cancellation_date, db_amount_cents, date_required, discp_case_region,
    db_bond_reason, db_case_no, name_tp_2, longitude, latitude, source_fingerprint
) FROM STDIN
